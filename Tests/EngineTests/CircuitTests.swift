import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `A provider that is away` {
    static let model = PoolDefinition.make("model") {
        $0.requestsPerMinute = 6000
        $0.requestBurst = 100
        $0.concurrency = 30
    }
    static let away = StepFailure(
        code: "provider.unavailable", message: "The model cannot answer now (503)", retry: .backoff,
        outage: .suspected)

    /// Claims what may start and fails it all.
    private func failAll(_ pool: PoolName, upTo limit: Int = 100, in bench: EngineFixture) async throws -> [JobID] {
        let steps = try await bench.claim(pool, upTo: limit).steps
        for step in steps { _ = try await bench.engine.record(step, failed: Self.away, spent: nil) }
        return steps.map(\.job.id)
    }

    private func status(of pool: PoolName, in bench: EngineFixture) async throws -> PoolStatus {
        try #require(try await bench.engine.poolStatus().first { $0.name == pool })
    }

    private func withPool(
        _ fixture: DatabaseFixture, _ pool: PoolDefinition = model, limits: EngineLimits = EngineLimits(),
        _ body: (EngineFixture, EngineClock) async throws -> Void
    ) async throws {
        try await fixture.withEngine({
            $0.pools = [pool]
            $0.limits = limits
        }) { bench, clock in
            try await bench.engine.announceWorker(name: "w", version: "1", slots: 50)
            try await body(bench, clock)
        }
    }

    @Test(arguments: DatabaseFixture.every, [model, PoolDefinition("model")])
    func `closes its pool to all after five failures, and costs no job its attempts`(
        _ fixture: DatabaseFixture, _ pool: PoolDefinition
    ) async throws {
        try await withPool(fixture, pool) { bench, _ in
            let jobs = try await bench.enqueue(50, on: "model", for: bench.tenant())

            let failed = try await failAll("model", upTo: 8, in: bench)

            #expect(failed.count == 8)
            #expect(try await status(of: "model", in: bench).circuit == .open)
            let claim = try await bench.claim("model")
            #expect(claim.steps.isEmpty)
            #expect(claim.nextIn != nil)
            let other = try await bench.another()
            #expect(try await bench.claim("model", by: other).steps.isEmpty)
            let attempts = try await bench.number("select cast(sum(attempt) as double precision) from jobs")
            #expect(attempts == 1)
            for job in [try #require(failed.last), try #require(jobs.last)] {
                let standing = try await bench.standing(job)
                #expect(standing.reason == .providerPaused)
                #expect(standing.evidence?.contains("cannot answer now (503) (provider.unavailable)") == true)
                #expect(standing.evidence?.contains("it is tried again in ") == true)
                #expect(standing.startsIn == nil)
            }
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every, [model, PoolDefinition("model")])
    func `is tried by one job at a time, and the job that failed lets another try`(
        _ fixture: DatabaseFixture, _ pool: PoolDefinition
    ) async throws {
        try await withPool(fixture, pool) { bench, clock in
            try await bench.enqueue(50, on: "model", for: bench.tenant())
            _ = try await failAll("model", upTo: 5, in: bench)
            var tried: [JobID] = []

            for _ in 0..<8 {
                let pause = try #require(try await status(of: "model", in: bench).pausedFor)
                #expect(pause <= .seconds(18))
                try await clock.advance(by: pause)
                _ = try await bench.engine.runTimers()
                let probe = try await bench.claimOne("model")
                #expect(try await status(of: "model", in: bench).circuit == .halfOpen)
                #expect(try await bench.claim("model").steps.isEmpty)
                if let last = tried.last { #expect(try await bench.standing(last).reason == .providerPaused) }
                _ = try await bench.engine.record(probe, failed: Self.away, spent: nil)
                tried.append(probe.job.id)
            }

            #expect(zip(tried, tried.dropFirst()).allSatisfy { $0 != $1 })
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every, [model, PoolDefinition("model")])
    func `that is back gets eight calls for each answer, then all`(
        _ fixture: DatabaseFixture, _ pool: PoolDefinition
    ) async throws {
        try await withPool(fixture, pool) { bench, clock in
            try await bench.enqueue(100, on: "model", for: bench.tenant())
            _ = try await failAll("model", upTo: 5, in: bench)
            try await clock.advance(by: .seconds(3))
            let probe = try await bench.claimOne("model")

            try await bench.record(probe)

            let second = try await bench.claim("model").steps
            #expect(second.count == 8)
            #expect(try await bench.claim("model").steps.isEmpty)
            let waiting = try await bench.number("select cast(max(id) as double precision) from jobs where state = 0")
            let standing = try await bench.standing(JobID(rawValue: Int64(waiting)))
            #expect(standing.reason == .providerPaused)
            #expect(standing.startsIn != nil)
            for step in second { try await bench.record(step) }
            let third = try await bench.claim("model").steps
            #expect(third.count == (pool.concurrency ?? 72))
            for step in third.prefix(11) { try await bench.record(step) }
            #expect(try await status(of: "model", in: bench).circuit == .closed)
            for step in third.dropFirst(11) { try await bench.record(step) }
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is tried again at once when the worker that tried it dies, stops or loses its job`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await withPool(fixture) { bench, clock in
            try await bench.enqueue(10, on: "model", for: bench.tenant())
            _ = try await failAll("model", upTo: 5, in: bench)
            try await clock.advance(by: .seconds(3))

            let cancelled = try await bench.claimOne("model")
            try await bench.cancel(cancelled.job.id)
            let released = try await bench.claimOne("model")
            _ = try await bench.engine.release(released, spent: nil)
            let orphaned = try await bench.claimOne("model", lease: .seconds(5))
            #expect(try await bench.claim("model").steps.isEmpty)
            try await clock.advance(by: .seconds(7))
            #expect(try await bench.engine.rescue() == 1)
            let rejected = try await bench.claimOne("model")
            let rejection = StepFailure(code: "provider.rejected", message: "No.", retry: .never)
            _ = try await bench.engine.record(rejected, failed: rejection, spent: nil)

            let probe = try await bench.claimOne("model")
            #expect(try await bench.engine.record(orphaned, failed: Self.away, spent: nil) == .leaseLost)
            try await bench.record(probe)
            #expect(try await bench.claim("model").steps.count > 1)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is there when it answers others, and then a job's failures are its own`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await withPool(fixture) { bench, clock in
            let bad = try await bench.enqueue([.run("first", pool: "model", cost: 1)], for: bench.tenant())
            try await bench.enqueue(10, on: "model", for: bench.tenant())

            for _ in 1...3 {
                let steps = try await bench.claim("model", upTo: 2).steps
                for step in steps where step.job.id != bad { try await bench.record(step) }
                try await clock.advance(by: .seconds(1))
                for step in steps where step.job.id == bad {
                    _ = try await bench.engine.record(step, failed: Self.away, spent: nil)
                }
                try await clock.advance(by: .seconds(30))
                _ = try await bench.engine.runTimers()
            }

            #expect(try await bench.state(bad) == .failed)
            #expect(try await status(of: "model", in: bench).circuit == .closed)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `whose account is shut closes its pool at once, and fails nobody`(_ fixture: DatabaseFixture) async throws {
        try await withPool(fixture) { bench, _ in
            let ids = try await bench.enqueue(3, on: "model", for: bench.tenant())
            let shut = StepFailure(
                code: "provider.quota_exhausted", message: "The account has no credit left", retry: .never,
                outage: .certain)

            _ = try await bench.engine.record(bench.claimOne("model"), failed: shut, spent: nil)

            #expect(try await bench.claim("model").steps.isEmpty)
            #expect(try await bench.row(ids[0]).state == .waiting)
            #expect(try await bench.row(ids[0]).attempt == 0)
            #expect(try await bench.standing(ids[2]).evidence?.contains("no credit left") == true)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `for longer than the bound is no excuse: every job ends`(_ fixture: DatabaseFixture) async throws {
        var limits = EngineLimits()
        limits.outageMax = .seconds(600)
        try await withPool(fixture, limits: limits) { bench, clock in
            let id = try await bench.enqueue([.run("first", pool: "model", cost: 1)], for: bench.tenant())
            var rounds = 0

            while try await bench.state(id) != .failed, rounds < 200 {
                _ = try await failAll("model", in: bench)
                try await clock.advance(by: .seconds(20))
                _ = try await bench.engine.runTimers()
                rounds += 1
            }

            #expect((30...40).contains(rounds))
            #expect(try await bench.engine.job(id)?.failureCode == "provider.unavailable")
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is judged once for each attempt, however often its end is recorded`(_ fixture: DatabaseFixture) async throws {
        try await withPool(fixture) { bench, _ in
            try await bench.enqueue(3, on: "model", for: bench.tenant())
            _ = try await failAll("model", upTo: 1, in: bench)
            let step = try await bench.claimOne("model")

            for _ in 0..<10 { _ = try await bench.engine.record(step, failed: Self.away, spent: nil) }

            #expect(try await bench.number("select cast(circuit_failures as double precision) from pools") == 2)
            #expect(try await status(of: "model", in: bench).circuit == .closed)
            try await bench.expectSoundBooks()
        }
    }
}
