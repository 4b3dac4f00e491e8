import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `A unique key` {
    @Test(arguments: DatabaseFixture.every)
    func `is held by one active job of a tenant, and free again when that has ended`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withEngine { bench, _ in
            let tenant = try await bench.tenant()
            let first = try await bench.enqueue(for: tenant, uniqueKey: "post:1")

            await #expect(throws: EngineError.duplicate(of: first)) {
                try await bench.enqueue(for: tenant, uniqueKey: "post:1")
            }
            try await bench.enqueue(for: tenant, uniqueKey: "post:2")
            try await bench.enqueue(for: bench.tenant("other"), uniqueKey: "post:1")
            let step = try await bench.claimOne()
            await #expect(throws: EngineError.duplicate(of: first)) {
                try await bench.enqueue(for: tenant, uniqueKey: "post:1")
            }
            try await bench.record(step)

            try await bench.enqueue(for: tenant, uniqueKey: "post:1")
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `goes to one of fifty at once, and the others learn whose it is`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let tenant = try await bench.tenant()
            let engines = [bench.engine, try await bench.another(), try await bench.another()]

            let results = await withTaskGroup(of: Result<JobID, any Error>.self) { group in
                for index in 0..<50 {
                    group.addTask {
                        do {
                            let engine = engines[index % engines.count]
                            return .success(try await bench.enqueue(for: tenant, uniqueKey: "post:1", by: engine))
                        } catch { return .failure(error) }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }

            let winners = results.compactMap { try? $0.get() }  // the losers are looked at below
            let winner = try #require(winners.first)
            #expect(winners.count == 1)
            for case .failure(let error) in results { #expect(error as? EngineError == .duplicate(of: winner)) }
            #expect(try await bench.claim().steps.map(\.job.id) == [winner])
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `that is taken leaves the caller's transaction whole`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let tenant = try await bench.tenant()
            let first = try await bench.enqueue(for: tenant, uniqueKey: "post:1")

            let other = try await bench.engine.transaction { transaction, wakes in
                do {
                    try bench.engine.enqueue(
                        Errand.Input([.run("first", pool: "free", cost: 1)]), as: Errand.self, for: tenant,
                        uniqueKey: "post:1", in: transaction,
                        waking: wakes)
                    return JobID?.none
                } catch EngineError.duplicate(let other) {
                    _ = try bench.engine.ensureTenant(named: "still alive", in: transaction)
                    return other
                }
            }

            #expect(other == first)
            #expect(try await bench.database.read { try bench.engine.tenant(named: "still alive", in: $0) } != nil)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `may pass from a retry to a submission at the same moment, never to both`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withEngine { bench, _ in
            let tenant = try await bench.tenant()
            let old = try await bench.enqueue(for: tenant, uniqueKey: "post:1")
            for _ in 0..<10 {
                try await bench.cancel(old)

                let outcomes = await withTaskGroup(of: (any Error)?.self) { group in
                    group.addTask {
                        do {
                            try await bench.retry(old)
                            return nil
                        } catch { return error }
                    }
                    group.addTask {
                        do {
                            try await bench.enqueue(for: tenant, uniqueKey: "post:1")
                            return nil
                        } catch { return error }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }

                #expect(outcomes.count { $0 == nil } == 1)
                for case let error? in outcomes {
                    guard case .duplicate? = error as? EngineError else {
                        Issue.record(error)
                        continue
                    }
                }
                let active = try await bench.database.read {
                    try $0.values("select id from jobs where state < 3", as: JobID.self)
                }
                #expect(active.count == 1)
                for id in active where id != old { try await bench.cancel(id) }
                if active == [old] { continue }
                try await bench.retry(old)
            }
        }
    }
}
