import Blog
import Engine
import Foundation
import TestSupport
import Testing

@Suite struct `Submissions at one moment` {
    /// Lets submissions share transactions while `body` runs.
    private func takingIn(_ room: Newsroom, _ body: () async throws -> Void) async throws {
        let intake = Task { await room.generations.takeIn() }
        defer { intake.cancel() }
        // Those who come before it runs go their own way, which is not what these tests are about.
        try await Task.sleep(for: .milliseconds(100))
        try await body()
    }

    @Test(arguments: DatabaseFixture.all)
    func `are all stored, each with its own answer`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            try await takingIn(room) {
                let answers = try await withThrowingTaskGroup(of: (Int, Submitted).self) { group in
                    for number in 0..<300 {
                        group.addTask {
                            let site = number.isMultiple(of: 3) ? room.other : room.site
                            let request = GenerationRequest(sourceId: "topic \(number)")
                            return (
                                number,
                                try await room.generations.submit(request, for: site, idempotencyKey: "key-\(number)")
                            )
                        }
                    }
                    return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
                }
                #expect(Set(answers.values.map(\.id)).count == 300)
                for (number, answer) in answers {
                    let detail = try await room.generations.find(answer.id, in: .allSites)
                    #expect(detail.summary.sourceId == "topic \(number)")
                    #expect(answer.status == .pending && answer.position != nil && !answer.isRepetition)
                }
                let size = try await room.engine.queueSize()
                #expect(size == 300)
                let again = try await room.generations.submit(
                    GenerationRequest(sourceId: "topic 4"), for: room.site, idempotencyKey: "key-4")
                #expect(again.id == answers[4]?.id && again.isRepetition && again.eta == answers[4]?.eta)
            }
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `with one key are one, and one with another's key is refused alone`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            try await takingIn(room) {
                let outcomes = await withTaskGroup(of: Result<Submitted, any Error>.self) { group in
                    for number in 0..<60 {
                        // Twenty keys, three times each; the third time with another request.
                        let topic = number < 40 ? "topic \(number % 20)" : "something else"
                        group.addTask {
                            do {
                                return .success(
                                    try await room.generations.submit(
                                        GenerationRequest(sourceId: topic), for: room.site,
                                        idempotencyKey: "key-\(number % 20)"))
                            } catch { return .failure(error) }
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                let accepted = outcomes.compactMap { try? $0.get() }
                let refused = outcomes.compactMap { outcome -> (any Error)? in
                    if case .failure(let error) = outcome { error } else { nil }
                }
                // Whoever of a key's three comes first decides which request is the right one.
                #expect(Set(accepted.map(\.id)).count == 20)
                #expect(accepted.count { !$0.isRepetition } == 20)
                #expect(accepted.count + refused.count == 60 && (20...40).contains(refused.count))
                #expect(refused.allSatisfy { ($0 as? BlogError)?.code == .idempotencyMismatch })
                let size = try await room.engine.queueSize()
                #expect(size == 20)
            }
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `fill the queue to its last place and no further`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture, limit: 70) { room in
            try await takingIn(room) {
                let accepted = await withTaskGroup(of: Bool?.self) { group in
                    for number in 0..<200 {
                        group.addTask {
                            do {
                                _ = try await room.generations.submit(
                                    GenerationRequest(sourceId: "topic \(number)"), for: room.site)
                                return true
                            } catch let error as BlogError where error.code == .queueFull {
                                return false
                            } catch { return nil }
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(accepted.count { $0 == true } == 70)
                #expect(accepted.count { $0 == false } == 130)
                let size = try await room.engine.queueSize()
                #expect(size == 70)
            }
        }
    }
}
