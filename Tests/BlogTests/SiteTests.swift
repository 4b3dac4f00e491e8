import Blog
import Database
import Engine
import Foundation
import ProductKit
import Providers
import Publishers
import TestSupport
import Testing

@Suite struct `A site` {
    @Test(arguments: DatabaseFixture.all)
    func `is registered once`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            var settings = SiteSettings()
            settings.words = 1_500
            let added = try await room.sites.add(instanceID: "mill", name: "The Mill", settings: settings, weight: 2)

            #expect(try await room.sites.find("mill") == added)
            #expect(added.settings.words == 1_500)
            #expect(try await room.sites.list().map(\.instanceID) == ["bakery", "garden", "mill"])
            #expect(try await room.sites.ensure(instanceID: "mill", name: "Other").name == "The Mill")
            await #expect(throws: BlogError.self) { try await room.sites.add(instanceID: "mill", name: "Again") }
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `waits while it does not have the app`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let start = Date(timeIntervalSince1970: 1_795_219_200)
            func event(_ kind: WixEvent.Kind?, _ digest: String, after seconds: Double) -> WixEvent {
                WixEvent(kind: kind, instance: "bakery", digest: digest, at: start + seconds)
            }
            let removed = event(.removed, "one", after: 0)

            // A hundred times, twenty at once.
            let news = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        var news = false
                        for _ in 0..<5 { if try await room.sites.take(removed) { news = true } }
                        return news
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(news == 1)
            #expect(try await isHeld(room))

            // Out of order: an installation from before it does not count, a later one does.
            try await room.sites.take(event(.installed, "two", after: -60))
            #expect(try await isHeld(room))
            try await room.sites.take(event(nil, "three", after: 60))
            #expect(try await isHeld(room))
            try await room.sites.take(event(.installed, "four", after: 120))
            #expect(try await !isHeld(room))
            try await room.sites.take(event(.removed, "five", after: 90))
            #expect(try await !isHeld(room))

            // Whom a person has paused, no installation resumes.
            try await room.engine.transaction { transaction, _ in
                try room.engine.hold(room.site.tenant, in: transaction)
            }
            try await room.sites.take(event(.installed, "seven", after: 150))
            #expect(try await isHeld(room))
            try await room.sites.take(event(.removed, "eight", after: 160))
            try await room.sites.take(event(.installed, "nine", after: 170))
            #expect(try await isHeld(room), "it was paused before it removed the app")
            try await room.engine.transaction { try room.engine.resume(room.site.tenant, in: $0, waking: $1) }

            // Of a site that nobody has registered there is nothing to pause.
            #expect(
                try await room.sites.take(WixEvent(kind: .removed, instance: "nobody", digest: "six", at: start)))
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `that was removed stays so until it gets a new key`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let start = Date(timeIntervalSince1970: 1_795_219_200)
            let first = try await room.sites.issueKey(for: room.site)
            #expect(room.site.closedAt == nil)
            try await room.sites.take(WixEvent(kind: .removed, instance: "bakery", digest: "one", at: start))

            #expect(try await room.sites.close(room.site) == 1)
            #expect(try await room.sites.close(room.site) == 0)
            let closed = try await room.sites.find("bakery")
            // Its owner installs the app again: that is not for the owner to decide.
            try await room.sites.take(WixEvent(kind: .installed, instance: "bakery", digest: "two", at: start + 60))

            #expect(closed.closedAt != nil)
            #expect(try await isHeld(room))
            await #expect(throws: BlogError.self) { try await room.sites.authenticate(bearer: first.key) }

            let second = try await room.sites.issueKey(for: closed)
            #expect(try await room.sites.authenticate(bearer: second.key) == room.site)
            try await room.sites.take(WixEvent(kind: .installed, instance: "bakery", digest: "three", at: start + 90))
            #expect(try await isHeld(room))
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `on Wix is known to be there`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let destinations = SiteDestinations(room.engine.database)
            #expect(try await !destinations.haveWix())
            var settings = room.site.settings
            settings.publisher = .folder
            _ = try await room.sites.update(settings, of: room.site)
            #expect(try await !destinations.haveWix())
            settings.publisher = .wix
            _ = try await room.sites.update(settings, of: room.site)
            #expect(try await destinations.haveWix())
        }
    }

    private func isHeld(_ room: Newsroom) async throws -> Bool {
        try await room.engine.database.read { transaction in
            try transaction.value("select held from tenants where id = \(room.site.tenant)", as: Int.self) == 1
        }
    }

    @Test(arguments: ["", "../etc", "a b", ".hidden", "ü", String(repeating: "x", count: 65), "a/b", "a\n"])
    func `has a name that can be a folder`(_ name: String) async throws {
        try await Newsroom.open(.sqlite) { room in
            let error = await #expect(throws: BlogError.self) {
                try await room.sites.add(instanceID: name, name: "\u{7}", weight: 0)
            }
            #expect(error?.problems.map(\.field) == ["site", "name", "weight"])
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `is opened by its keys until they are revoked`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let issued = try await room.sites.issueKey(for: room.site)
            let second = try await room.sites.issueKey(for: room.site)

            #expect(issued.key.hasPrefix("pr_bakery_"))
            #expect(issued.key.hasPrefix(issued.stored.prefix))
            #expect(issued.key.count > issued.stored.prefix.count + 30)
            #expect(try await room.sites.authenticate(bearer: issued.key) == room.site)
            #expect(try await room.sites.keys(of: room.site).count == 2)

            try await room.sites.revoke(issued.stored.id, of: room.site)
            try await room.sites.revoke(issued.stored.id, of: room.site)

            let error = await #expect(throws: BlogError.self) { try await room.sites.authenticate(bearer: issued.key) }
            #expect(error?.code == .keyInvalid)
            #expect(error?.kind == .unauthorized)
            #expect(try await room.sites.authenticate(bearer: second.key) == room.site)
            #expect(try await room.sites.keys(of: room.site).count { $0.revokedAt != nil } == 1)
            await #expect(throws: BlogError.self) { try await room.sites.revoke(second.stored.id, of: room.other) }
        }
    }

    @Test func `stores no key that could be read`() async throws {
        try await Newsroom.open(.sqlite) { room in
            let issued = try await room.sites.issueKey(for: room.site)
            let secret = String(issued.key.suffix(35))

            let found: Int? = try await room.engine.database.read { transaction in
                try transaction.value(
                    "select count(*) from api_keys where id like \("%\(secret)%") or prefix like \("%\(secret)%")")
            }
            #expect(found == 0)
        }
    }

    @Test(arguments: ["", "pr_bakery_", "pr_bakery_guess", String(repeating: "x", count: 5_000), "\u{0}"])
    func `is not opened by a guess`(_ key: String) async throws {
        try await Newsroom.open(.sqlite) { room in
            await #expect(throws: BlogError.self) { try await room.sites.authenticate(bearer: key) }
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `gives later requests its settings, and earlier ones keep theirs`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            var settings = room.site.settings
            settings.autoSelect = true
            settings.tone = "dry"
            settings.image = .none
            let site = try await room.sites.update(settings, of: room.site)
            let id = try await room.generations.submit(GenerationRequest(sourceId: "rye"), for: site).id

            try await room.working { try await room.wait(for: id, .done) }

            #expect(room.model.prompts.allSatisfy { $0.messages.last?.text.value(of: "Tone") == "dry" })
            #expect(room.images.requests.isEmpty)
        }
    }
}
