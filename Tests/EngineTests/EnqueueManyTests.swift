import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `Many submissions in one call` {
    @Test(arguments: DatabaseFixture.every)
    func `enter their tenants' lanes in order`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let tenants = [try await bench.tenant("one"), try await bench.tenant("two")]

            let ids = try await bench.submit((0..<250).map { tenants[$0 % 2] })

            #expect(ids == ids.sorted())
            let claimed = try await bench.claim(upTo: 300).steps
            #expect(Set(claimed.map(\.job.id)) == Set(ids))
            for tenant in tenants { #expect(claimed.count { $0.job.tenant == tenant } == 125) }
            #expect(try await bench.events(ids[0]) == [.enqueued, .started])
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `are all refused when one of them is`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let tenant = try await bench.tenant()

            await #expect(throws: (any Error).self) {
                try await bench.submit(
                    [tenant, tenant], plans: [[.run("first", pool: "free", cost: 1)], [.breakDown]])
            }

            #expect(try await bench.number("select cast(count(*) as double precision) from jobs") == 0)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `count against the queue's limit as many`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.limits.queueSizeMax = 10 }) { bench, _ in
            let tenant = try await bench.tenant()
            try await bench.submit(Array(repeating: tenant, count: 8))

            await #expect(throws: EngineError.self) { try await bench.submit(Array(repeating: tenant, count: 3)) }
            try await bench.submit(Array(repeating: tenant, count: 2))

            #expect(try await bench.engine.queueSize() == 10)
        }
    }
}

extension EngineFixture {
    @discardableResult
    fileprivate func submit(_ tenants: [TenantID], plans: [[Errand.Action]]? = nil) async throws -> [JobID] {
        let submissions = tenants.enumerated().map { index, tenant in
            Submission(Errand.Input(plans?[index] ?? [.run("first", pool: "free", cost: 1)]), for: tenant)
        }
        return try await engine.transaction { try engine.enqueue(submissions, as: Errand.self, in: $0, waking: $1) }
    }
}
