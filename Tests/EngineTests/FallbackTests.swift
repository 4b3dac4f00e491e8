import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `A fallback pool` {
    /// A call a second, and one that takes ten for what would wait half a minute.
    static let pools: [PoolDefinition] = [
        .make("model") {
            $0.requestsPerMinute = 60
            $0.fallback = FallbackTerms("other", after: .seconds(30))
        },
        .make("other") {
            $0.requestsPerMinute = 600
            $0.requestBurst = 10
        },
    ]

    static func relieve(_ bench: EngineFixture) async throws -> Int {
        try await bench.engine.relieve(bench.engine.pools.entry("model"))
    }

    static func waiting(in pool: PoolName, of bench: EngineFixture) async throws -> [String: Int] {
        let id = try bench.engine.pools.entry(pool).id
        return try await bench.database.read { transaction in
            var counts: [String: Int] = [:]
            try transaction.forEach(
                """
                select t.name, cast(count(*) as bigint) from jobs j join lanes l on l.id = j.lane_id
                  join tenants t on t.id = j.tenant_id
                 where l.pool_id = \(id) and j.state = 0 group by t.name
                """
            ) { counts[try $0[0]] = try $0[1] }
            return counts
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `takes over what would wait too long, in fair order, and as much as it begins within seconds`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withEngine({ $0.pools = Self.pools }) { bench, clock in
            let many = try await bench.enqueue(100, on: "model", for: bench.tenant("many"))
            try await bench.enqueue(20, on: "model", for: bench.tenant("few"))

            // Two minutes of work, of which the other pool does five seconds' worth: fifty calls.
            #expect(try await Self.relieve(bench) == 50)
            #expect(try await Self.waiting(in: "other", of: bench) == ["many": 30, "few": 20])
            #expect(try await Self.relieve(bench) == 0, "it has enough")
            #expect(try await bench.events(many[0]).last == .rerouted)
            try await bench.expectSoundBooks()

            let served = try await bench.serve("other", seconds: 6, by: clock)
            #expect(served.count == 50)
            #expect(try await bench.serve("model", seconds: 10, by: clock).count >= 10)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `takes nothing that begins in time`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = Self.pools }) { bench, _ in
            try await bench.enqueue(25, on: "model", for: bench.tenant())
            #expect(try await Self.relieve(bench) == 0)

            try await bench.enqueue(10, on: "model", for: bench.tenant())
            let moved = try await Self.relieve(bench)
            #expect((5...6).contains(moved), "just what would begin after half a minute, not \(moved)")
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `takes over from an account that is shut, and not from a pool that a person has paused`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withEngine({ $0.pools = Self.pools }) { bench, _ in
            let engine = bench.engine
            try await bench.enqueue(3, on: "model", for: bench.tenant())
            try await engine.transaction { transaction, _ in try engine.hold("model" as PoolName, in: transaction) }
            #expect(try await Self.relieve(bench) == 0)
            try await engine.transaction { try engine.resume("model" as PoolName, in: $0, waking: $1) }

            let shut = StepFailure(
                code: "provider.quota_exhausted", message: "No credit", retry: .refusedByAccount)
            _ = try await engine.record(bench.claimOne("model"), failed: shut, spent: nil)
            #expect(try await Self.relieve(bench) == 3)
            #expect(try await bench.claim("other").steps.count == 3)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `gives back what it has when it is shut itself`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = Self.pools }) { bench, _ in
            let engine = bench.engine
            try await bench.enqueue(100, on: "model", for: bench.tenant())
            #expect(try await Self.relieve(bench) == 50)
            let refused = StepFailure(
                code: "provider.unauthorized", message: "The key is not accepted", retry: .refusedByAccount)
            _ = try await engine.record(bench.claimOne("other"), failed: refused, spent: nil)

            #expect(try await Self.relieve(bench) == 50)
            #expect(try await Self.waiting(in: "other", of: bench).isEmpty)
            #expect(try await Self.waiting(in: "model", of: bench) == ["acme": 100])
            #expect(try await Self.relieve(bench) == 0, "it takes nothing until it is resumed")
            try await bench.expectSoundBooks()
            try await engine.transaction { try engine.resume("other" as PoolName, in: $0, waking: $1) }
            #expect(try await Self.relieve(bench) == 50)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `takes over from a provider that has been away for longer than work may wait`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withEngine({ $0.pools = Self.pools }) { bench, clock in
            let engine = bench.engine
            try await engine.announceWorker(name: "w", version: "1", slots: 10)
            try await bench.enqueue(20, on: "model", for: bench.tenant())
            let away = StepFailure(
                code: "provider.unreachable", message: "Nobody answers", retry: .backoff, outage: .suspected)
            for _ in 0..<CircuitBreaker.failuresToOpen {
                _ = try await engine.record(bench.claimOne("model"), failed: away, spent: nil)
                try await clock.advance(by: .seconds(1))
            }
            #expect(try await Self.relieve(bench) == 0, "it may be back in a moment")

            try await clock.advance(by: .seconds(31))
            let waiting = try await Self.waiting(in: "model", of: bench).values.reduce(0, +)
            #expect(try await Self.relieve(bench) == waiting)
            #expect(waiting > 0)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `takes nothing that its tenant's own cap holds back`(_ fixture: DatabaseFixture) async throws {
        var capped = Self.pools
        capped[0].requestsPerMinute = 6_000
        capped[0].requestBurst = 10
        capped[0].lane.concurrency = 2
        capped[0].fallback = FallbackTerms("other", after: .milliseconds(100))
        let pools = capped
        try await fixture.withEngine({ $0.pools = pools }) { bench, clock in
            try await bench.enqueue(100, on: "model", for: bench.tenant())
            #expect(try await bench.claim("model").steps.count == 2)
            try await clock.advance(by: .seconds(1))
            #expect(try await Self.relieve(bench) == 0)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `takes nothing while it is shut itself, and nothing of a tenant that is paused`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withEngine({ $0.pools = Self.pools }) { bench, _ in
            let engine = bench.engine
            let paused = try await bench.tenant("paused")
            try await bench.enqueue(100, on: "model", for: paused)
            try await engine.transaction { transaction, _ in try engine.hold(paused, in: transaction) }
            #expect(try await Self.relieve(bench) == 0)

            try await bench.enqueue(100, on: "model", for: bench.tenant("at work"))
            try await engine.transaction { transaction, _ in try engine.hold("other" as PoolName, in: transaction) }
            #expect(try await Self.relieve(bench) == 0)
            try await engine.transaction { try engine.resume("other" as PoolName, in: $0, waking: $1) }
            #expect(try await Self.relieve(bench) == 50)
            #expect(try await Self.waiting(in: "other", of: bench) == ["at work": 50])
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is whom a worker's steps then ask`(_ fixture: DatabaseFixture) async throws {
        let asked = Mutexed([PoolName: Int]())
        let errand = Errand { _, _, context in
            asked.withLock { $0[context.pool, default: 0] += 1 }
            return "done"
        }
        try await fixture.withRunningEngine({
            $0.workflows = [errand]
            $0.pools = Self.pools
        }) { bench in
            let ids = try await bench.enqueue(60, on: "model", for: bench.tenant())
            try await bench.withWorker { _ in
                try await eventually { try await bench.number("select count(*) from jobs where state = 3") >= 30 }
            }
            #expect(asked.withLock { $0["other", default: 0] } >= 20)
            #expect(try await bench.events(ids[0]).contains(.started))
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `and its pool's own claims at the same moment take each job once`(_ fixture: DatabaseFixture) async throws {
        let quick: [PoolDefinition] = [
            .make("model") {
                $0.requestsPerMinute = 6_000
                $0.requestBurst = 100
                $0.fallback = FallbackTerms("other", after: .milliseconds(1))
            },
            .make("other") {
                $0.requestsPerMinute = 6_000
                $0.requestBurst = 100
            },
        ]
        let calls = Mutexed([JobID: Int]())
        let errand = Errand { _, job, _ in
            calls.withLock { $0[job.id, default: 0] += 1 }
            return "done"
        }
        try await fixture.withRunningEngine({
            $0.workflows = [errand]
            $0.pools = quick
        }) { bench in
            for name in ["a", "b", "c"] { try await bench.enqueue(100, on: "model", for: bench.tenant(name)) }
            try await bench.withWorker { _ in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<2 {
                        group.addTask { for _ in 0..<40 { _ = try await Self.relieve(bench) } }
                    }
                    try await group.waitForAll()
                }
                try await eventually { try await bench.number("select count(*) from jobs where state = 3") == 300 }
            }
            #expect(calls.withLock { $0.values.allSatisfy { $0 == 1 } })
            #expect(try await bench.number("select count(*) from steps") == 300)
            try await bench.expectSoundBooks()
        }
    }
}
