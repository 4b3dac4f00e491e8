import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `A tenant's cap` {
    @Test(arguments: DatabaseFixture.every, ["free", "model"])
    func `holds at once, in lanes that are there and lanes that come, until it is lifted`(
        _ fixture: DatabaseFixture, _ name: String
    ) async throws {
        try await fixture.withEngine({ $0.pools = [PoolDefinition("free"), .counted("model")] }) { bench, clock in
            let pool = PoolName(rawValue: name)
            let capped = try await bench.tenant("capped")
            let other = try await bench.tenant("other")
            func setCap(_ cap: Int?) async throws {
                try await bench.engine.transaction { try bench.engine.setCap(cap, of: capped, in: $0, waking: $1) }
            }
            try await bench.enqueue(10, on: name, for: capped)
            try await bench.enqueue(10, on: name, for: other)
            try await setCap(2)

            let first = try await bench.claim(pool).steps
            #expect(first.count { $0.job.tenant == capped } == 2)
            #expect(first.count { $0.job.tenant == other } == 10)
            #expect(try await bench.claim(pool).steps.isEmpty)
            try await bench.record(try #require(first.first { $0.job.tenant == capped }))
            try await clock.advance(by: .milliseconds(200))
            // A pool without limits folds when it finds nothing; its worker then looks again at once.
            let next = try await bench.claim(pool).steps + bench.claim(pool).steps
            #expect(next.count == 1)

            // A process that starts anew keeps it.
            _ = try await bench.another()
            #expect(try await bench.claim(pool).steps.isEmpty)
            #expect(try await bench.database.read { try bench.engine.tenant(capped, in: $0)?.cap } == 2)
            try await setCap(nil)
            #expect(try await bench.claim(pool).steps.count == 7)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `of an unknown tenant is refused`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let nobody = TenantID(rawValue: 5)
            await #expect(throws: EngineError.unknownTenant(nobody)) {
                try await bench.engine.transaction { try bench.engine.setCap(1, of: nobody, in: $0, waking: $1) }
            }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `and share, weight and pause are seen beside what it got`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [.counted("model")] }) { bench, _ in
            let heavy = try await bench.tenant("heavy", weight: 3)
            let light = try await bench.tenant("light")
            let held = try await bench.tenant("held")
            for tenant in [heavy, light, held] { try await bench.enqueue(40, costing: 10, on: "model", for: tenant) }
            try await bench.database.transaction { try bench.engine.hold(held, in: $0) }
            for step in try await bench.claim("model", upTo: 20).steps { try await bench.record(step, cost: 10) }

            let shares = try await bench.engine.tenantShares(in: "model")

            let byName = Dictionary(uniqueKeysWithValues: shares.map { ($0.tenant.name, $0) })
            #expect(byName["heavy"]?.served == 0.75 && byName["heavy"]?.fair == 0.75)
            #expect(byName["light"]?.servedCost == 50 && byName["light"]?.backlog == 35)
            #expect(byName["held"]?.fair == 0 && byName["held"]?.served == 0)
            #expect(try await bench.engine.tenantShares(in: "model", limit: 1).count == 1)
        }
    }
}
