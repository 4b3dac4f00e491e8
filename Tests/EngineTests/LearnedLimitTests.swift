import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `What a provider says of its limits` {
    static let model = PoolDefinition.make("model") {
        $0.requestsPerMinute = 600
        $0.requestBurst = 10
        $0.costPerMinute = 60_000
        $0.costBurst = 1000
    }

    /// One call that costs 10, with these words beside its answer.
    static func hear(_ limits: ReportedLimits, _ bench: EngineFixture, by engine: Engine? = nil) async throws {
        let tenant = try await bench.tenant()
        try await bench.enqueue([.run("first", pool: "model", cost: 10)], for: tenant, by: engine)
        var step = try await bench.claimOne("model", by: engine)
        step.limits = limits
        _ = try await (engine ?? bench.engine).record(step, .nothing, spent: .make(cost: 10))
        _ = try await bench.claim("model", by: engine)
    }

    static func status(_ bench: EngineFixture) async throws -> PoolStatus {
        try #require(try await bench.engine.poolStatus().first { $0.name == "model" })
    }

    @Test(arguments: DatabaseFixture.every)
    func `lowers what starts in every process, and raises it again as far as was configured`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withEngine({ $0.pools = [Self.model] }) { bench, clock in
            let other = try await bench.another()
            try await Self.hear(.init(requests: .init(limit: 300), cost: .init(limit: 30_000)), bench)
            #expect(try await Self.status(bench).costPerMinuteMax == 30_000)
            #expect(try await Self.status(bench).requestsPerMinuteMax == 300)
            #expect(try await Self.status(bench).learned.costPerMinuteConfigured == 60_000)

            try await clock.advance(by: .seconds(60))
            try await bench.enqueue(200, costing: 500, on: "model", for: bench.tenant())
            var cost = 0.0
            for _ in 0..<60 {
                cost += try await bench.claim("model", by: other).steps.map(\.charged).reduce(0, +)
                try await clock.advance(by: .seconds(1))
            }
            #expect((29_000...32_000).contains(cost))

            try await clock.advance(by: .seconds(60))
            try await Self.hear(.init(cost: .init(limit: 900_000)), bench)
            #expect(try await Self.status(bench).costPerMinuteMax == 60_000)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `raises a limit beyond what was configured only where that was asked for`(
        _ fixture: DatabaseFixture
    ) async throws {
        var following = Self.model
        following.followsProvider = true
        for (pool, limit) in [(Self.model, 60_000.0), (following, 90_000)] {
            try await fixture.withEngine({ $0.pools = [pool] }) { bench, _ in
                try await Self.hear(.init(cost: .init(limit: 90_000)), bench)
                #expect(try await Self.status(bench).costPerMinuteMax == limit)
            }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is forgotten when nothing was heard for long`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [Self.model] }) { bench, clock in
            try await Self.hear(.init(cost: .init(limit: 30_000)), bench)

            try await clock.advance(by: .seconds(601))

            #expect(try await Self.status(bench).costPerMinuteMax == 60_000)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `delays the next start until what is left has flowed back, and never brings one forward`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withEngine({ $0.pools = [Self.model] }) { bench, clock in
            let tenant = try await bench.tenant()
            try await Self.hear(.init(cost: .init(limit: 60_000, remaining: 0)), bench)
            try await bench.enqueue(1, costing: 1000, on: "model", for: tenant)
            // A burst of 1,000 is to flow back, and the 10 that the call itself was.
            let delayed = try #require(try await bench.claim("model").steps.first)
            #expect((990...1010).contains(delayed.start - EngineClock.beginning))

            try await clock.advance(by: .seconds(1))
            try await Self.hear(.init(cost: .init(limit: 60_000, remaining: 60_000)), bench)
            try await bench.enqueue(1, costing: 1000, on: "model", for: tenant)
            let next = try await bench.claim("model")
            #expect(next.steps.allSatisfy { $0.start > delayed.start + 900 })
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `beside a refusal counts as well`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [Self.model] }) { bench, clock in
            try await bench.enqueue([.run("first", pool: "model", cost: 10)], for: bench.tenant())
            var step = try await bench.claimOne("model")
            step.limits = .init(cost: .init(limit: 20_000, remaining: 0))
            let refusal = StepFailure(code: "x", message: "x", retry: .refused(.seconds(1)))
            _ = try await bench.engine.record(step, failed: refusal, spent: nil)
            try await clock.advance(by: .seconds(5))

            _ = try await bench.claim("model")

            #expect(try await Self.status(bench).costPerMinuteMax == 20_000)
        }
    }

    @Test func `of several models counts by the lowest, which only its own model raises`() {
        var limit = ToldLimit()
        limit.hear(perMinute: 300_000, of: "large", at: 1000)
        limit.hear(perMinute: 2_000_000, of: "small", at: 2000)
        #expect(limit.rate == 5)
        limit.hear(perMinute: 600_000, of: "large", at: 3000)
        #expect(limit.rate == 10)
        limit.hear(perMinute: 60_000, of: "small", at: 4000)
        #expect(limit.rate == 1)
        for nonsense in [nil, 0, -1, .infinity, .nan] { limit.hear(perMinute: nonsense, of: "small", at: 5000) }
        #expect(limit.rate == 1)
    }

    @Test func `tells a bucket from a log of the last minute, where it can be told`() {
        typealias Bucket = ReportedLimits.Bucket
        #expect(Bucket(limit: 60_000, remaining: 55_904, reset: .milliseconds(4096)).refillsEvenly == true)
        #expect(Bucket(limit: 60_000, remaining: 55_904, reset: .seconds(60)).refillsEvenly == false)
        #expect(Bucket(limit: 60_000, remaining: 100, reset: .seconds(60)).refillsEvenly == nil)
        #expect(Bucket(limit: 60_000, remaining: 55_904).refillsEvenly == nil)
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func `spares every refusal when the configured limit is half too high, and uses all of the real one`(_ seed: UInt64)
    {
        var trial = ProviderTrial(configured: 450_000, real: 300_000, seed: seed)

        trial.run(minutes: 20)

        #expect(trial.refusals == 0)
        #expect(trial.granted > 0.98 * 300_000 * 20)
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func `spares refusals when the provider counts a third more than it says calls cost`(_ seed: UInt64) {
        var trial = ProviderTrial(configured: 300_000, real: 300_000, seed: seed)
        trial.countsFactor = 4.0 / 3

        trial.run(minutes: 20)

        #expect(trial.refusals == 0)
        #expect(trial.granted * trial.countsFactor > 0.95 * 300_000 * 20)
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `keeps refusals under a twentieth when the provider counts twice as much`(_ seed: UInt64) {
        var trial = ProviderTrial(configured: 300_000, real: 300_000, seed: seed)
        trial.countsFactor = 2

        trial.run(minutes: 20)

        #expect(trial.refusedShare < 0.05)
        #expect(trial.granted * trial.countsFactor > 0.9 * 300_000 * 20)
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func `spares refusals when somebody else takes a quarter of it`(_ seed: UInt64) {
        var trial = ProviderTrial(configured: 300_000, real: 300_000, seed: seed)
        trial.foreign = 75_000

        trial.run(minutes: 20)

        #expect(trial.refusals == 0)
        #expect(trial.granted > 0.95 * 225_000 * 20)
    }
}
