import Database
import Engine
import TestSupport
import Testing

@testable import Arena

/// Twenty that come at once for five, whatever they come for.
@Suite struct `A day's quota` {
    @Test(arguments: DatabaseFixture.all)
    func `of drafts and previews is spent to the last one and no further`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let persona = try await lounge.persona().id

            let drafts = try await lounge.race(20) { _ in
                _ = try await lounge.arena.posts.draft(
                    DraftForm(persona: persona), in: "kitchen", by: lounge.ada, traceID: nil)
                return true
            }
            let previews = try await lounge.race(20) { _ in
                _ = try await lounge.arena.personas.preview(persona, in: nil, by: lounge.ada, traceID: nil)
                return true
            }

            #expect(drafts == 5)
            #expect(previews == 5)
            #expect(try await lounge.used() == [[5, 0, 5]])
            #expect(try await lounge.count("select count(*) from operations") == 10)
            #expect(try await lounge.count("select count(*) from jobs") == 15)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `of replies is one for replies and battles together`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture, { $0.replyQuota = 5 }) { lounge in
            let persona = try await lounge.persona().id
            let posts = try await (0..<10).asyncMap { try await lounge.post("Post \($0)", by: lounge.bob).id }

            let begun = try await lounge.race(20) { number in
                if number < posts.count {
                    return try await lounge.arena.replies.generate(
                        for: posts[number], by: [persona], caller: lounge.ada, traceID: nil
                    ).enqueued == 1
                }
                _ = try await lounge.arena.battles.create(
                    BattleForm(topic: "Tea or coffee"), in: "kitchen", by: lounge.ada, traceID: nil)
                return true
            }

            #expect(begun == 5)
            #expect(try await lounge.used() == [[0, 5, 0]])
            #expect(try await lounge.count("select count(*) from jobs") == 5)
        }
    }

    /// Each battle takes one of both personas' quotas: in whichever order its sides stand, the rows are locked in one.
    @Test(arguments: DatabaseFixture.all)
    func `is taken of both personas or of neither`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture, { $0.replyQuota = 5 }) { lounge in
            let (one, other) = (try await lounge.persona("Stoic").id, try await lounge.persona("Cynic").id)

            let begun = try await lounge.race(20) { number in
                var form = BattleForm(topic: "Tea or coffee")
                (form.personaA, form.personaB) = number.isMultiple(of: 2) ? (one, other) : (other, one)
                _ = try await lounge.arena.battles.create(form, in: "kitchen", by: lounge.ada, traceID: nil)
                return true
            }

            #expect(begun == 5)
            #expect(try await lounge.used() == [[0, 5, 0], [0, 5, 0]])
            #expect(try await lounge.count("select count(*) from battles") == 5)
        }
    }
}

@Suite struct `A hundred requests for the same replies` {
    @Test(arguments: DatabaseFixture.all)
    func `put one job for each into the queue`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let post = try await lounge.post(by: lounge.bob).id
            let personas = try await (0..<3).asyncMap { try await lounge.persona("P\($0)").id }

            let answers = try await withThrowingTaskGroup(of: GeneratedReplies.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        try await lounge.arena.replies.generate(
                            for: post, by: number.isMultiple(of: 2) ? personas : personas.reversed(),
                            caller: lounge.ada, traceID: nil)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }

            #expect(answers.map(\.enqueued).reduce(0, +) == 3)
            #expect(answers.map(\.skipped).reduce(0, +) == 297)
            let reasons = Set(answers.flatMap(\.jobs).filter { $0.status == .skipped }.map(\.reason))
            #expect(reasons == [.alreadyQueued])
            #expect(try await lounge.count("select count(*) from jobs where state < 3") == 3)
            #expect(try await lounge.count("select count(*) from jobs") == 3)
            #expect(try await lounge.used() == [[0, 1, 0], [0, 1, 0], [0, 1, 0]])
        }
    }
}

extension Lounge {
    /// How many of those that come at once get what they come for; the others must have come too late.
    fileprivate func race(_ count: Int, _ come: @escaping @Sendable (Int) async throws -> Bool) async throws -> Int {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<count {
                group.addTask {
                    do { return try await come(number) } catch let error as ArenaError {
                        guard error.code == .quotaExhausted else { throw error }
                        return false
                    }
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
    }

    /// Drafts, replies and previews of today, of each of Ada's personas.
    fileprivate func used() async throws -> [[Int]] {
        try await arena.quotas.today(of: ada).map { $0.quotas.map(\.used) }
    }
}
