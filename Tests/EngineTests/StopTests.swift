import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `A provider that refuses every call` {
    static let shut = StepFailure(
        code: "provider.quota_exhausted", message: "The account has no credit left", retry: .refusedByAccount)

    static func daily(_ pause: Duration? = nil) -> StepFailure {
        StepFailure(code: "provider.daily_limit", message: "The day's limit is used up", retry: .refusedForDay(pause))
    }

    static func withPool(
        _ fixture: DatabaseFixture, _ body: (EngineFixture, EngineClock) async throws -> Void
    ) async throws {
        let pool = PoolDefinition.make("model") {
            $0.requestsPerMinute = 600
            $0.requestBurst = 10
        }
        try await fixture.withEngine({ $0.pools = [pool] }) { bench, clock in
            try await bench.engine.announceWorker(name: "w", version: "1", slots: 10)
            try await body(bench, clock)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `for want of credit is not asked again until a person says so, and nobody fails`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await Self.withPool(fixture) { bench, clock in
            let ids = try await bench.enqueue(3, on: "model", for: bench.tenant())
            _ = try await bench.engine.record(bench.claimOne("model"), failed: Self.shut, spent: nil)

            try await clock.advance(by: .seconds(86_400 * 7))
            try await bench.engine.beat(running: 0)
            #expect(try await bench.claim("model").steps.isEmpty)
            #expect(try await bench.row(ids[0]).attempt == 0)
            let standing = try await bench.standing(ids[2])
            #expect(standing.reason == .providerPaused)
            #expect(standing.startsIn == nil)
            #expect(standing.evidence == "The account has no credit left (provider.quota_exhausted)")
            #expect(try await bench.engine.poolStatus().first?.stop?.kind == .account)

            try await bench.engine.transaction { try bench.engine.resume("model" as PoolName, in: $0, waking: $1) }
            #expect(try await bench.claim("model").steps.count == 3)
            #expect(try await bench.engine.poolStatus().first?.stop == nil)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `for the day is asked again when the day is over`(_ fixture: DatabaseFixture) async throws {
        try await Self.withPool(fixture) { bench, clock in
            let ids = try await bench.enqueue(3, on: "model", for: bench.tenant())
            _ = try await bench.engine.record(bench.claimOne("model"), failed: Self.daily(), spent: nil)

            // The clock stands at eight in the morning.
            try await clock.advance(by: .seconds(16 * 3600 - 2))
            try await bench.engine.beat(running: 0)
            #expect(try await bench.claim("model").steps.isEmpty)
            let standing = try await bench.standing(ids[0])
            #expect(standing.reason == .providerPaused)
            #expect(try #require(standing.startsIn).upperBound < .seconds(5))
            try await clock.advance(by: .seconds(3))
            #expect(try await bench.claim("model").steps.count == 3)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `for the day is believed when it says for how long`(_ fixture: DatabaseFixture) async throws {
        try await Self.withPool(fixture) { bench, clock in
            try await bench.enqueue(1, on: "model", for: bench.tenant())
            _ = try await bench.engine.record(bench.claimOne("model"), failed: Self.daily(.seconds(432)), spent: nil)

            try await clock.advance(by: .seconds(431))
            #expect(try await bench.claim("model").steps.isEmpty)
            try await clock.advance(by: .seconds(2))
            #expect(try await bench.claim("model").steps.count == 1)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `does not stop the pool again by calls that began before it was resumed`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await Self.withPool(fixture) { bench, clock in
            try await bench.enqueue(2, on: "model", for: bench.tenant())
            let steps = try await bench.claim("model").steps
            _ = try await bench.engine.record(steps[0], failed: Self.shut, spent: nil)
            try await clock.advance(by: .seconds(5))
            try await bench.engine.transaction { try bench.engine.resume("model" as PoolName, in: $0, waking: $1) }

            _ = try await bench.engine.record(steps[1], failed: Self.shut, spent: nil)

            #expect(try await bench.claim("model").steps.count == 2)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `for the day does not open what is shut until a person acts`(_ fixture: DatabaseFixture) async throws {
        try await Self.withPool(fixture) { bench, clock in
            try await bench.enqueue(2, on: "model", for: bench.tenant())
            let steps = try await bench.claim("model").steps
            _ = try await bench.engine.record(steps[0], failed: Self.shut, spent: nil)
            _ = try await bench.engine.record(steps[1], failed: Self.daily(.seconds(10)), spent: nil)

            try await clock.advance(by: .seconds(86_400))

            #expect(try await bench.claim("model").steps.isEmpty)
        }
    }
}
