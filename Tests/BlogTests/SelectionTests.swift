import Database
import Engine
import Providers
import TestSupport
import Testing

@testable import Blog

@Suite struct `Choosing an idea` {
    private func code(_ verb: () async throws -> Void) async -> BlogError.Code? {
        do {
            try await verb()
            return nil
        } catch { return (error as? BlogError)?.code }
    }

    @Test(arguments: DatabaseFixture.all)
    func `may come before there are any`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let id = try await room.submit()
            let early = try await room.generations.select(
                .pick(index: 1, title: nil), for: id, in: .site(room.site), by: "owner")
            #expect(early.status == .pending)

            try await room.working { try await room.wait(for: id, .done) }

            let events = try await room.find(id).timeline.map(\.kind)
            #expect(
                !events.contains("woken") || !events.contains("waiting")
                    || room.model.prompts(named: "ideas").count == 1)
            #expect(room.model.prompts(named: "article")[0].messages.last?.text.value(of: "Title") == "Idea 1")
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `can be repeated, but not changed`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let id = try await room.submit()
            let (generations, scope) = (room.generations, Scope.site(room.site))
            try await room.working { try await room.wait(for: id, .awaitingSelection) }
            let pick = Selection.pick(index: 2, title: nil)

            #expect(try await generations.select(pick, for: id, in: scope, by: "owner").status == .generatingContent)
            #expect(try await generations.select(pick, for: id, in: scope, by: "owner").status == .generatingContent)

            let other = Selection.pick(index: 3, title: nil)
            #expect(
                await code { _ = try await generations.select(other, for: id, in: scope, by: "o") }
                    == .selectionWrongState)
            let more = Selection.regenerate(hint: nil)
            #expect(
                await code { _ = try await generations.select(more, for: id, in: scope, by: "o") }
                    == .selectionWrongState)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `of two at once, one is taken`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let id = try await room.submit()
            try await room.working { try await room.wait(for: id, .awaitingSelection) }

            let taken = await withTaskGroup(of: Int?.self) { group in
                for index in 0..<5 {
                    group.addTask {
                        do {
                            _ = try await room.generations.select(
                                .pick(index: index, title: nil), for: id, in: .site(room.site), by: "owner \(index)")
                            return index
                        } catch {
                            #expect((error as? BlogError)?.code == .selectionWrongState)
                            return nil
                        }
                    }
                }
                return await group.reduce(into: [Int]()) { taken, index in if let index { taken.append(index) } }
            }

            #expect(taken.count == 1)
            #expect(try await room.find(id).selection == .pick(index: taken[0], title: nil))
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `can ask for others, as often as ten times`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            room.model.answer { prompt, number in
                prompt.schema?.name == "ideas" ? Sample.ideas("Round \(number), idea") : Sample.answer(to: prompt)
            }
            let (generations, scope) = (room.generations, Scope.site(room.site))
            let id = try await room.submit()
            let more = Selection.regenerate(hint: "more fun")
            #expect(
                await code { _ = try await generations.select(more, for: id, in: scope, by: "o") }
                    == .selectionWrongState)
            try await room.working {
                for round in 1..<Selection.roundsMax {
                    try await room.wait(for: id) {
                        $0.ideasRound == round && $0.summary.waiting?.reason == .awaitingSelection
                    }
                    let asked = try await generations.select(more, for: id, in: scope, by: "owner")
                    #expect(asked.status == .awaitingSelection, "the shown status does not go back")
                }
                let last = try await room.wait(for: id) { $0.ideasRound == Selection.roundsMax }
                #expect(last.ideas[0].title == "Round 10, idea 0")
                #expect(
                    await code { _ = try await generations.select(more, for: id, in: scope, by: "o") }
                        == .selectionExhausted)
                _ = try await generations.select(.pick(index: 4, title: nil), for: id, in: scope, by: "owner")
                try await room.wait(for: id, .done)
            }

            let second = room.model.prompts(named: "ideas")[1].messages.last?.text
            #expect(second?.value(of: "Wish") == "more fun")
            #expect(second?.value(of: "Already proposed")?.hasPrefix("Round 1, idea 0, ") == true)
            #expect(
                room.model.prompts(named: "article")[0].messages.last?.text.value(of: "Title") == "Round 10, idea 4")
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `waits for the ideas that were asked for`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let (generations, scope) = (room.generations, Scope.site(room.site))
            let id = try await room.submit()
            try await room.working { try await room.wait(for: id, .awaitingSelection) }
            let asked = try await generations.select(.regenerate(hint: nil), for: id, in: scope, by: "owner")
            #expect(asked.ideasPending)

            let again = try await generations.select(.regenerate(hint: nil), for: id, in: scope, by: "owner")
            #expect(again.ideasPending)
            let pick = Selection.pick(index: 0, title: nil)
            #expect(
                await code { _ = try await generations.select(pick, for: id, in: scope, by: "o") }
                    == .selectionWrongState)

            try await room.working { try await room.wait(for: id) { $0.ideasRound == 2 } }
            #expect(room.model.prompts(named: "ideas").count == 2)
            #expect(try await generations.select(pick, for: id, in: scope, by: "owner").status == .generatingContent)
        }
    }

    @Test func `is not open when the request brought its idea`() async throws {
        try await Newsroom.open(.sqlite) { room in
            let id = try await room.submit { $0.selectedIdea = Idea(title: "Nine Loaves") }

            let pick = Selection.pick(index: 0, title: nil)
            #expect(
                await code { _ = try await room.generations.select(pick, for: id, in: .allSites, by: "o") }
                    == .selectionWrongState)
        }
    }

    @Test(arguments: [
        (Selection.pick(index: 5, title: nil), BlogError.Code.selectionOutOfRange),
        (.pick(index: -1, title: nil), .selectionOutOfRange), (.pick(index: 0, title: "\u{0}"), .validationFailed),
        (.regenerate(hint: String(repeating: "x", count: 201)), .validationFailed),
    ])
    func `is refused when it makes no sense`(_ selection: Selection, _ expected: BlogError.Code) async throws {
        try await Newsroom.open(.sqlite) { room in
            let id = try await room.submit()

            #expect(
                await code { _ = try await room.generations.select(selection, for: id, in: .allSites, by: "o") }
                    == expected)
        }
    }
}

@Suite struct `The image provider's report` {
    @Test(arguments: DatabaseFixture.all)
    func `is followed at once`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture, { $0.polling.pauses = [.seconds(600)] }) { room in
            room.images.whenAsked { _, _ in .ready(url: "https://images.test/1.png") }
            let id = try await room.submit { $0.autoSelect = true }
            try await room.working {
                try await room.wait(for: id) { $0.summary.waiting?.reason == .awaitingImage }
                try await room.generations.imageIsReady(id, order: 1)
                try await room.wait(for: id, .done)
            }

            #expect(try await room.find(id).summary.imageState == .ready)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `is ignored when nobody waits for it`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let done = try await room.finished { $0.autoSelect = true }

            try await room.generations.imageIsReady(done.summary.id, order: 1)
            try await room.generations.imageIsReady(JobID(rawValue: 12345), order: 1)
            try await room.generations.imageIsReady(done.summary.id, order: -1)

            #expect(try await room.find(done.summary.id).summary.status == .done)
        }
    }
}
