@testable import Engine
import TestSupport
import Testing

@Suite struct `What tenants are given` {
    private typealias Served = Shares.Served
    private let pools = (model: PoolID(rawValue: 1), images: PoolID(rawValue: 2))
    private let tenants = (writer: TenantID(rawValue: 1), painter: TenantID(rawValue: 2), idle: TenantID(rawValue: 3))

    @Test func `is compared by the pool that each used most of`() {
        let shares = Shares(
            served: [
                tenants.writer: [pools.model: Served(steps: 9, cost: 900), pools.images: Served(steps: 1, cost: 1)],
                tenants.painter: [pools.model: Served(steps: 1, cost: 100), pools.images: Served(steps: 9, cost: 9)],
            ], weights: [(tenants.writer, 1), (tenants.painter, 1)])

        #expect(abs(shares.served(tenants.writer) - 0.5) < 1e-9)
        #expect(abs(shares.served(tenants.painter) - 0.5) < 1e-9)
        #expect(shares.served(tenants.idle) == 0)
        #expect(shares.fair(1) == 0.5)
    }

    @Test func `is nothing when nobody was given anything`() {
        let shares = Shares(served: [:], weights: [])
        #expect(shares.served(tenants.writer) == 0)
        #expect(shares.fair(1) == 0)
    }

    @Test(arguments: DatabaseFixture.every)
    func `names who has work or had some, with weight, cap and pause`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let (busy, waiting) = (try await bench.tenant("busy"), try await bench.tenant("waiting"))
            _ = try await bench.tenant("never")
            for _ in 0..<3 {
                try await bench.enqueue(for: busy)
                try await bench.record(bench.claimOne())
            }
            try await bench.enqueue(for: waiting)
            try await bench.engine.transaction { transaction, wakes in
                try bench.engine.setWeight(3, of: waiting, in: transaction)
                try bench.engine.setCap(2, of: waiting, in: transaction, waking: wakes)
                try bench.engine.hold(waiting, in: transaction)
            }

            let shares = try await bench.engine.tenantShares()
            #expect(shares.map(\.tenant.name) == ["busy", "waiting"])
            #expect(shares.map(\.steps) == [3, 0])
            #expect(shares.map(\.queued).last == 1)
            #expect(shares.map(\.served) == [1, 0])
            #expect(shares.map(\.fair) == [0.25, 0.75])
            #expect(shares.last?.tenant.cap == 2)
            #expect(shares.last?.tenant.isHeld == true)
            #expect(try await bench.engine.tenantShares(limit: 1).count == 1)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `shows how long whoever is next has been in a lane`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            #expect(try await bench.engine.longestWait() == nil)
            let (early, late) = (try await bench.tenant("early"), try await bench.tenant("late"))
            try await bench.enqueue(for: early)
            try await bench.enqueue(for: late)
            try await bench.database.transaction {
                try $0.execute("update jobs set since_at = since_at - 60000 where tenant_id = \(early)")
            }

            let wait = try #require(try await bench.engine.longestWait())
            #expect(wait >= .seconds(60) && wait < .seconds(120))
            // Who is paused waits for nobody's turn.
            try await bench.database.transaction { try bench.engine.hold(early, in: $0) }
            let rest = try #require(try await bench.engine.longestWait())
            #expect(rest < .seconds(60))
        }
    }
}
