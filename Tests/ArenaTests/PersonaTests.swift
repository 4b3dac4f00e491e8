import Database
import Engine
import Foundation
import ProductKit
import TestSupport
import Testing

@testable import Arena

@Suite struct `A persona` {
    @Test(arguments: DatabaseFixture.all)
    func `is its owner's alone`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let persona = try await lounge.persona {
                $0.doNotSay = ["synergy"]
                $0.writingSamples = ["One.", "Two.", "Three."]
            }
            let personas = lounge.arena.personas
            var change = PersonaForm()
            change.formality = 3
            let changed = try await personas.change(persona.id, change, of: lounge.ada)

            #expect(changed.calibration.formality == 3)
            #expect(changed.calibration.doNotSay == ["synergy"])
            #expect(try await personas.find(persona.id, of: lounge.ada) == changed)
            #expect(try await personas.list(of: lounge.bob).isEmpty)
            for verb in [
                { _ = try await personas.find(persona.id, of: lounge.bob) },
                { _ = try await personas.change(persona.id, change, of: lounge.bob) },
                { try await personas.delete(persona.id, of: lounge.bob) },
                { _ = try await personas.publishProfile(persona.id, ProfileForm(), of: lounge.bob) },
            ] as [() async throws -> Void] {
                #expect(try await refusal(verb) == .personaNotFound)
            }
            #expect(try await personas.list(of: lounge.ada) == [changed])
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `is one of a bounded number, however many come at once`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture, { $0.personasMax = 3 }) { lounge in
            let made = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<8 {
                    group.addTask { try await refusal { try await lounge.persona("P\(number)") } == nil }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }

            #expect(made == 3)
            #expect(try await lounge.arena.personas.list(of: lounge.ada).count == 3)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `leaves its posts when it is deleted, under no name`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let persona = try await lounge.persona { $0.doNotSay = ["secret word"] }
            try await lounge.working {
                let draft = try await lounge.arena.posts.draft(
                    DraftForm(persona: persona.id), in: "kitchen", by: lounge.ada, traceID: nil)
                let post = try #require(try await lounge.ended(draft.id).resultPost)
                _ = try await lounge.arena.posts.approve(post, content: nil, by: lounge.ada)
                try await lounge.arena.personas.delete(persona.id, of: lounge.ada)

                #expect(try await lounge.arena.posts.find(post, for: nil).persona?.name == Author.deletedName)
            }
            #expect(try await lounge.arena.personas.list(of: lounge.ada).isEmpty)
            #expect(try await lounge.count("select count(*) from personas where calibration like '%secret%'") == 0)
        }
    }

    @Test(arguments: [
        (#"{"writing_samples": ["a", "b"]}"#, "writing_samples"),
        (#"{"writing_samples": ["a", "b", "\#(String(repeating: "x", count: 181))"]}"#, "writing_samples[2]"),
        (#"{"formality": 4}"#, "formality"), (#"{"language": "english please"}"#, "language"),
        (#"{"do_not_say": "x"}"#, "do_not_say"), (#"{"status": "deleted"}"#, "status"), (#"{"nam": "x"}"#, "nam"),
        (#"{"name": ""}"#, "name"),
    ])
    func `is refused with the field that is wrong`(_ body: String, _ field: String) {
        let error = #expect(throws: ArenaError.self) { try PersonaForm.read(Array(body.utf8), isNew: false) }

        #expect(error?.problems.map(\.field) == [field])
    }
}

@Suite struct `A profile` {
    @Test(arguments: DatabaseFixture.all)
    func `gets the first free address`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let personas = lounge.arena.personas
            var slugs: [String] = []
            for name in ["Ada Löw", "Ada Low", "ada low!"] {
                let persona = try await lounge.persona(name)
                slugs.append(try await personas.publishProfile(persona.id, ProfileForm(), of: lounge.ada).slug)
            }

            #expect(slugs == ["ada-low", "ada-low-2", "ada-low-3"])
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `never shares an address with one that came at the same time`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let personas = try await (0..<6).asyncMap { try await lounge.persona("Twin \($0)") }
            let slugs = try await withThrowingTaskGroup(of: String.self) { group in
                for persona in personas {
                    group.addTask {
                        try await lounge.arena.personas.publishProfile(
                            persona.id, ProfileForm(slug: "twin"), of: lounge.ada
                        ).slug
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }

            #expect(slugs == ["twin", "twin-2", "twin-3", "twin-4", "twin-5", "twin-6"])
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `keeps its old address, and can be taken back`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let (arena, personas) = (lounge.arena, lounge.arena.personas)
            let persona = try await lounge.persona("Ada")
            _ = try await personas.publishProfile(persona.id, ProfileForm(), of: lounge.ada)
            _ = try await personas.publishProfile(
                persona.id, ProfileForm(slug: "countess", bio: "Public words"), of: lounge.ada)
            let profile = try await arena.read { try PublicProfile.require("ada", in: $0) }

            #expect(profile.slug == "countess")
            #expect(profile.bio == "Public words")
            #expect(try await !personas.unpublishProfile(persona.id, of: lounge.ada).isPublic)
            #expect(
                try await refusal { try await arena.read { try PublicProfile.require("countess", in: $0) } }
                    == .profileNotFound)
            #expect(try await personas.publishProfile(persona.id, ProfileForm(), of: lounge.ada).slug == "countess")
        }
    }
}

@Suite struct `A quota` {
    @Test(arguments: DatabaseFixture.all)
    func `cannot be spent twice in a race`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture, { $0.draftQuota = 3 }) { lounge in
            let persona = try await lounge.persona()
            let accepted = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        try await refusal {
                            try await lounge.arena.posts.draft(
                                DraftForm(persona: persona.id), in: "kitchen", by: lounge.ada, traceID: nil)
                        } == nil
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }

            #expect(accepted == 3)
            let draft = try await lounge.arena.quotas.today(of: lounge.ada)[0].quotas.first { $0.kind == .draft }
            #expect(draft?.used == 3)
            #expect(draft?.limit == 3)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `says when it begins anew`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture, { $0.previewQuota = 0 }) { lounge in
            let persona = try await lounge.persona()
            let error = await #expect(throws: ArenaError.self) {
                try await lounge.arena.personas.preview(persona.id, in: nil, by: lounge.ada, traceID: nil)
            }

            #expect(error?.code == .quotaExhausted)
            #expect((error?.retryAfter ?? .zero) > .zero)
            #expect((error?.retryAfter ?? .zero) <= .seconds(86_400))
            #expect(error?.quota?.limit == 0)
        }
    }

    @Test(arguments: [
        ("UTC", "2026-11-21", "2026-11-22T00:00:00.000Z"),
        ("Asia/Tokyo", "2026-11-22", "2026-11-22T15:00:00.000Z"),
        ("America/Los_Angeles", "2026-11-21", "2026-11-22T08:00:00.000Z"),
    ])
    func `is counted by the owner's day`(_ zone: String, _ name: String, _ end: String) {
        // 2026-11-21T22:20:00Z
        let day = QuotaDay(at: Timestamp(milliseconds: 1_795_299_600_000), zone: zone)

        #expect(day.name == name)
        #expect(day.end.description == end)
    }
}

extension Sequence {
    func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
