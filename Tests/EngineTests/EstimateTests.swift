import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `An estimate` {
    static let model = PoolDefinition.make("model") {
        $0.costPerMinute = 600_000
        $0.costBurst = 10_000
    }

    @Test(arguments: [0.6, 1.0, 1.4, 3.0])
    func `is corrected by what calls cost, within a few dozen of them`(_ bias: Double) {
        var chance = EngineChance(seed: 5)
        var ratio = EstimateRatio()

        for _ in 0..<150 {
            ratio.learn(estimate: 4000, actual: 4000 * bias * .random(in: 0.7...1.3, using: &chance))
        }

        #expect(abs(ratio.ratio / bias - 1) < 0.08)
    }

    @Test func `is not thrown about by one odd answer, first or later, nor by nonsense`() {
        var fresh = EstimateRatio()
        fresh.learn(estimate: 100, actual: 100_000)
        #expect(fresh.ratio <= 2.6)
        var settled = EstimateRatio(ratio: 1, samples: 500)
        settled.learn(estimate: 100, actual: 1000)
        #expect(settled.ratio < 1.2)

        for nonsense in [0, -5, .infinity, .nan] { settled.learn(estimate: 100, actual: nonsense) }
        settled.learn(estimate: 0, actual: 100)

        #expect(settled.samples == 501)
    }

    @Test func `is never learned so far that it would stop a pool, or open it wide`() {
        var ratio = EstimateRatio()
        for _ in 0..<2000 { ratio.learn(estimate: 1, actual: 1_000_000) }
        #expect(ratio.ratio == EstimateRatio.range.upperBound)
        for _ in 0..<2000 { ratio.learn(estimate: 1_000_000, actual: 1) }
        #expect(ratio.ratio == EstimateRatio.range.lowerBound)
    }

    @Test(arguments: DatabaseFixture.every)
    func `of the next placement is what such steps have cost`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [Self.model] }) { bench, clock in
            let tenant = try await bench.tenant()
            try await Self.live(through: 60, costing: 100, really: 140, bench, tenant, clock)

            let id = try await bench.enqueue([.run("first", pool: "model", cost: 1000)], for: tenant)
            let other = try await bench.enqueue([.run("second", pool: "model", cost: 1000)], for: tenant)

            #expect((1350...1420).contains(try await bench.row(id).cost))
            #expect(try await bench.row(other).cost == 1000)
            try await bench.expectSoundBooks()
            let learned = try #require(try await bench.engine.poolStatus().first?.learned.estimates.first)
            #expect(learned.step == "first" && learned.samples == 60)
            #expect((1.35...1.42).contains(learned.ratio))
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is learned for each model apart`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [Self.model] }) { bench, clock in
            let tenant = try await bench.tenant()
            try await Self.live(through: 60, costing: 100, really: 140, bench, tenant, clock)
            let larger = try await bench.another {
                var errand = Errand()
                errand.policy.model = "larger"
                $0.workflows = [errand]
            }

            let plan = [Errand.Action.run("first", pool: "model", cost: 1000)]
            let known = try await bench.enqueue(plan, for: tenant)
            let unknown = try await bench.enqueue(plan, for: tenant, by: larger)

            #expect(try await bench.row(known).cost > 1300)
            #expect(try await bench.row(unknown).cost == 1000)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is measured against the plan's own figure, not against what was learned before`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withEngine({ $0.pools = [Self.model] }) { bench, clock in
            let tenant = try await bench.tenant()
            for _ in 0..<5 {
                try await Self.live(through: 40, costing: 100, really: 140, bench, tenant, clock)
            }

            let ratio = try #require(try await bench.engine.poolStatus().first?.learned.estimates.first?.ratio)

            #expect((1.38...1.41).contains(ratio))
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is left alone where a pool is told not to learn, or has no cost to limit`(
        _ fixture: DatabaseFixture
    ) async throws {
        var stubborn = Self.model
        stubborn.learnsEstimates = false
        let counted = PoolDefinition.counted("other")
        try await fixture.withEngine({ [stubborn] in $0.pools = [stubborn, counted] }) { bench, clock in
            let tenant = try await bench.tenant()
            for pool in ["model", "other"] {
                for _ in 0..<20 {
                    try await bench.enqueue([.run("first", pool: pool, cost: 100)], for: tenant)
                    try await bench.record(bench.claimOne(PoolName(rawValue: pool)), cost: 140)
                }
                try await clock.advance(by: .seconds(2))

                let id = try await bench.enqueue([.run("first", pool: pool, cost: 100)], for: tenant)

                #expect(try await bench.row(id).cost == 100)
                _ = try await bench.claim(PoolName(rawValue: pool))
            }
            #expect(try await bench.number("select count(*) from estimates") == 0)
        }
    }

    /// Jobs of one step, each claimed and recorded with what it really cost.
    static func live(
        through count: Int, costing estimate: Double, really actual: Double, _ bench: EngineFixture,
        _ tenant: TenantID, _ clock: EngineClock
    ) async throws {
        for _ in 0..<count {
            try await bench.enqueue([.run("first", pool: "model", cost: estimate)], for: tenant)
            try await bench.record(bench.claimOne("model"), cost: actual)
            try await clock.advance(by: .milliseconds(200))
        }
        // The last lesson is taken in by the next claim.
        _ = try await bench.claim("model")
        try await clock.advance(by: .seconds(2))
    }
}
