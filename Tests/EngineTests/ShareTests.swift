import Database
@testable import Engine
import TestSupport
import Testing

/// What tenants get against each other, by the bounds of start-time fair queuing.
@Suite struct `A tenant's share` {
    static let model = PoolDefinition.make("model") {
        $0.costPerMinute = 600_000
        $0.costBurst = 1000
        $0.credit = 1500
        $0.learnsEstimates = false
    }
    static let costMax = 1000.0

    /// Several tenants, always with work, under two processes.
    struct Race {
        let bench: EngineFixture
        let clock: EngineClock
        let engines: [Engine]
        var chance: EngineChance
        var weights: [TenantID: Double] = [:]
        var served: [TenantID: Double] = [:]

        mutating func enter(_ name: String, weight: Double, jobs: Int) async throws -> TenantID {
            let tenant = try await bench.tenant(name, weight: weight)
            weights[tenant] = weight
            for _ in 0..<jobs {
                let cost = Double.random(in: 50...1000, using: &chance)
                try await bench.enqueue([.run("first", pool: "model", cost: cost)], for: tenant)
            }
            return tenant
        }

        /// - Returns: the most by which one tenant's service over its weight has been ahead of another's at any time.
        mutating func run(claims: Int, among tenants: [TenantID]? = nil) async throws -> Double {
            served = [:]
            var lead = 0.0
            for _ in 0..<claims {
                let engine = engines[Int.random(in: 0..<2, using: &chance)]
                for step in try await bench.claim("model", upTo: 8, by: engine).steps {
                    served[step.job.tenant, default: 0] += step.charged
                    let shares = (tenants ?? Array(weights.keys)).map {
                        served[$0, default: 0] / weights[$0, default: 1]
                    }
                    lead = max(lead, (shares.max() ?? 0) - (shares.min() ?? 0))
                    try await bench.record(step)
                }
                try await clock.advance(by: .milliseconds(400))
            }
            return lead
        }
    }

    static func with(
        _ fixture: DatabaseFixture, _ seed: UInt64, _ body: (inout Race) async throws -> Void
    ) async throws {
        try await fixture.withEngine(seed: seed, { $0.pools = [Self.model] }) { bench, clock in
            var race = Race(
                bench: bench, clock: clock, engines: [bench.engine, try await bench.another()],
                chance: EngineChance(seed: seed))
            try await body(&race)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every, [1, 2, 3] as [UInt64])
    func `differs from another's by no more than a step of each, weight by weight, at any time`(
        _ fixture: DatabaseFixture, _ seed: UInt64
    ) async throws {
        try await Self.with(fixture, seed) { race in
            let weights = [1.0, 2, 5]
            for (index, weight) in weights.enumerated() {
                _ = try await race.enter("t\(index)", weight: weight, jobs: 120)
            }

            let lead = try await race.run(claims: 18)

            #expect(lead <= Self.costMax / 1 + Self.costMax / 2 + 1e-6)
            #expect(race.served.count == 3)
        }
    }

    @Test(arguments: DatabaseFixture.every, [4, 5, 6] as [UInt64])
    func `of a newcomer runs ahead by its credit and a step of each, never more`(
        _ fixture: DatabaseFixture, _ seed: UInt64
    ) async throws {
        try await Self.with(fixture, seed) { race in
            let old = try await race.enter("old", weight: 1, jobs: 200)
            _ = try await race.run(claims: 10)
            let newcomer = try await race.enter("new", weight: 1, jobs: 120)

            let lead = try await race.run(claims: 20, among: [old, newcomer])

            #expect(lead <= Self.model.credit + 2 * Self.costMax + 1e-6)
            #expect(race.served[old, default: 0] > 0)
            let ahead = race.served[newcomer, default: 0] - race.served[old, default: 0]
            #expect(ahead >= 0 && ahead <= Self.model.credit + Self.costMax)
        }
    }

    @Test(arguments: DatabaseFixture.every, [7, 8] as [UInt64])
    func `of a tenant that is resumed is its share and one credit, whatever it missed`(
        _ fixture: DatabaseFixture, _ seed: UInt64
    ) async throws {
        try await Self.with(fixture, seed) { race in
            let steady = try await race.enter("steady", weight: 1, jobs: 250)
            let paused = try await race.enter("paused", weight: 1, jobs: 120)
            let bench = race.bench
            try await bench.database.transaction { try bench.engine.hold(paused, in: $0) }
            _ = try await race.run(claims: 20)
            try await bench.engine.transaction { try bench.engine.resume(paused, in: $0, waking: $1) }

            let lead = try await race.run(claims: 20, among: [steady, paused])

            #expect(lead <= Self.model.credit + 2 * Self.costMax + 1e-6)
            #expect(race.served[steady, default: 0] > 0)
        }
    }

    @Test(arguments: DatabaseFixture.every, [9, 10] as [UInt64])
    func `follows a weight from the moment it is set`(_ fixture: DatabaseFixture, _ seed: UInt64) async throws {
        try await Self.with(fixture, seed) { race in
            let one = try await race.enter("one", weight: 1, jobs: 250)
            let other = try await race.enter("other", weight: 1, jobs: 120)
            _ = try await race.run(claims: 8)
            let bench = race.bench
            try await bench.database.transaction { try bench.engine.setWeight(3, of: one, in: $0) }
            race.weights[one] = 3

            let lead = try await race.run(claims: 20, among: [one, other])

            // They may stand a step apart when the weight changes, on either side.
            #expect(lead <= 2 * (Self.costMax + Self.costMax) + 1e-6)
            #expect(race.served[one, default: 0] > 2 * race.served[other, default: 0])
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `goes to what is further on, then to what somebody waits for, before bulk`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withEngine({ $0.pools = [.counted("model")] }) { bench, _ in
            let owner = try await bench.tenant("owner")
            try await bench.enqueue(500, on: "model", for: owner, priority: 5)
            let twoSteps: [Errand.Action] = [
                .run("first", pool: "model", cost: 1), .run("second", pool: "model", cost: 1),
            ]
            let further = try await bench.enqueue(twoSteps, for: owner)
            try await bench.record(bench.claimOne("model"))
            let own = try await bench.enqueue(1, on: "model", for: owner)

            let next = try await bench.claimOne("model").job
            let then = try await bench.claimOne("model").job
            let last = try await bench.claimOne("model").job

            #expect(next.id == further && next.step == "second")
            #expect(then.id == own[0])
            #expect(last.priority == 5)
        }
    }
}
