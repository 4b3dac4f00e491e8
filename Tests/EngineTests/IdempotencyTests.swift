import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `An idempotency key` {
    @Test(arguments: DatabaseFixture.every)
    func `gives the same answer to the same request, without doing it again`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let tenant = try await bench.tenant()
            let runs = Tally()
            func ask() async throws -> (answer: String, isRepetition: Bool) {
                try await bench.database.transaction { transaction in
                    try bench.engine.once(key: "k", of: tenant, fingerprint: "f", in: transaction) { _ in
                        runs.add()
                        return #"{"id":1}"#
                    }
                }
            }

            let first = try await ask()
            let second = try await ask()

            #expect(first == (#"{"id":1}"#, false))
            #expect(second == (#"{"id":1}"#, true))
            #expect(runs.count == 1)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is refused to another request, and is another tenant's own`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let tenant = try await bench.tenant()
            let other = try await bench.tenant("other")
            func ask(_ tenant: TenantID, _ fingerprint: String) async throws -> Bool {
                try await bench.database.transaction { transaction in
                    try bench.engine.once(key: "k", of: tenant, fingerprint: fingerprint, in: transaction) { _ in "a" }
                        .isRepetition
                }
            }
            #expect(try await !ask(tenant, "f"))

            await #expect(throws: EngineError.idempotencyMismatch) { try await ask(tenant, "g") }

            #expect(try await !ask(other, "g"))
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `used twice at once runs the request once`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let tenant = try await bench.tenant()
            let runs = Tally()

            let answers = try await withThrowingTaskGroup(of: String.self) { group in
                for index in 0..<10 {
                    group.addTask {
                        try await bench.engine.transaction { transaction, wakes in
                            try bench.engine.once(key: "k", of: tenant, fingerprint: "f", in: transaction) {
                                transaction in
                                runs.add()
                                let id = try bench.engine.enqueue(
                                    Errand.Input([.run("first", pool: "free", cost: 1)], note: "\(index)"),
                                    as: Errand.self, for: tenant, in: transaction, waking: wakes)
                                return "\(id)"
                            }.answer
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }

            #expect(Set(answers).count == 1)
            #expect(try await bench.claim().steps.count == 1)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `stays free when the request throws, even for a caller that goes on`(_ fixture: DatabaseFixture) async throws {
        struct Refusal: Error {}
        try await fixture.withEngine { bench, _ in
            let tenant = try await bench.tenant()

            try await bench.database.transaction { transaction in
                do {
                    _ = try bench.engine.once(key: "k", of: tenant, fingerprint: "f", in: transaction) { _ in
                        throw Refusal()
                    }
                } catch is Refusal {}
            }
            await #expect(throws: Refusal.self) {
                try await bench.database.transaction { transaction in
                    try bench.engine.once(key: "k", of: tenant, fingerprint: "f", in: transaction) { _ in
                        throw Refusal()
                    }.answer
                }
            }

            let again = try await bench.database.transaction { transaction in
                try bench.engine.once(key: "k", of: tenant, fingerprint: "other", in: transaction) { _ in "a" }
            }
            #expect(again == ("a", false))
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `lives for a week, and a worker that is gone is forgotten after a day`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withEngine { bench, clock in
            let tenant = try await bench.tenant()
            func use(_ key: String) async throws -> Bool {
                try await bench.database.transaction { transaction in
                    try bench.engine.once(key: key, of: tenant, fingerprint: "f", in: transaction) { _ in "a" }
                        .isRepetition
                }
            }
            _ = try await use("old")
            try await bench.engine.announceWorker(name: "w", version: "1", slots: 1)
            try await clock.advance(by: .seconds(6 * 86_400))
            _ = try await use("young")
            #expect(try await bench.engine.tidy() == 1)
            #expect(try await use("old"))

            try await clock.advance(by: .seconds(86_401))
            #expect(try await bench.engine.tidy() == 1)

            #expect(try await !use("old"))
            #expect(try await use("young"))
        }
    }
}
