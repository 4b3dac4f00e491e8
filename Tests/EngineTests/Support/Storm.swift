import Database
@testable import Engine
import TestSupport
import Testing

/// 20 tenants, one of which owns half of the jobs; errands of five steps through three pools.
struct Storm: Sendable {
    struct Tallies: Sendable {
        let zombies = Tally(), lost = Tally(), resent = Tally(), refused = Tally(), recorded = Tally()
    }
    static let lease = Duration.milliseconds(400)
    static let jobs = 120
    static let rate = 400.0

    static var pools: [PoolDefinition] {
        [
            .make("model") {
                $0.requestsPerMinute = rate * 60
                $0.requestBurst = 20
                $0.costPerMinute = rate * 60 * 100
                $0.costBurst = 2000
                $0.credit = 300
            },
            .make("image") {
                $0.concurrency = 12
                $0.lane.concurrency = 3
            },
            .make("site") {
                $0.lane.requestsPerMinute = 3000
                $0.lane.requestBurst = 5
            },
            PoolDefinition("free"),
        ]
    }
    static var errand: Errand {
        var errand = Errand()
        errand.policy = StepPolicy(
            attemptsMax: 50, backoff: Backoff(first: .milliseconds(5), longest: .milliseconds(50)))
        errand.announces = [.first]
        return errand
    }

    let bench: EngineFixture
    let engines: [Engine]
    let tenants: [TenantID]
    let tally = Tallies()
    private let ids = Mutexed<[JobID]>([])

    init(_ bench: EngineFixture) async throws {
        var engines = [bench.engine]
        for _ in 1..<8 { engines.append(try await bench.another()) }
        var tenants: [TenantID] = []
        for index in 0..<20 { tenants.append(try await bench.tenant("tenant \(index)", weight: index == 3 ? 2 : 1)) }
        self.bench = bench
        self.engines = engines
        self.tenants = tenants
    }

    func submit() async throws {
        var chance = EngineChance(seed: 11)
        for index in 0..<Self.jobs {
            let tenant = index % 2 == 0 ? tenants[0] : tenants[1 + index % 19]
            let middle: Errand.Action =
                switch index % 3 {
                case 0: .wait("go#1", timeoutMilliseconds: 200)
                case 1: .sleep(milliseconds: 20)
                default: .run("third", pool: "image", cost: 1)
                }
            let id = try await bench.enqueue(
                [
                    .run("first", pool: "model", cost: .random(in: 20...150, using: &chance)),
                    .run("second", pool: "image", cost: 1), middle, .run("fourth", pool: "site", cost: 1),
                    .run("fifth", pool: "free", cost: 1),
                ], for: tenant, priority: index % 2, by: engines[index % engines.count])
            ids.withLock { $0.append(id) }
        }
    }

    /// Runs claimers, a sweeper and people until all jobs have ended or the time is over.
    func rage(within limit: Duration) async throws {
        let end = ContinuousClock.now + limit
        let isOver = Mutexed(false)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, engine) in engines.enumerated() {
                group.addTask { try await work(engine, seed: UInt64(index)) { isOver.withLock { $0 } } }
            }
            group.addTask { try await meddle { isOver.withLock { $0 } } }
            while ContinuousClock.now < end {
                let active = try await bench.number(
                    "select cast(count(*) as double precision) from jobs where state < 3")
                if active == 0 { break }
                for engine in engines.prefix(2) {
                    _ = try await engine.rescue()
                    _ = try await engine.runTimers()
                }
                try await Task.sleep(for: .milliseconds(20))
            }
            isOver.withLock { $0 = true }
            try await group.waitForAll()
        }
    }

    private func work(_ engine: Engine, seed: UInt64, until isOver: @Sendable () -> Bool) async throws {
        var chance = EngineChance(seed: seed)
        while !isOver() {
            var taken: [ClaimedStep] = []
            for pool in Self.pools {
                let id = try engine.pools.entry(pool.name).id
                taken += try await engine.claim(id, upTo: Int.random(in: 1...12, using: &chance), lease: Self.lease)
                    .steps
            }
            // Every so often a process stops for longer than its leases, with all that it holds.
            let sleeps = !taken.isEmpty && Int.random(in: 0..<100, using: &chance) < 3
            if sleeps { try await Task.sleep(for: Self.lease + .milliseconds(1300)) }
            for step in taken { try await end(step, on: engine, isLate: sleeps, chance: &chance) }
            if taken.isEmpty { try await Task.sleep(for: .milliseconds(Int.random(in: 1...15, using: &chance))) }
        }
    }

    private func end(_ step: ClaimedStep, on engine: Engine, isLate: Bool, chance: inout EngineChance) async throws {
        if isLate { tally.zombies.add() }
        let die = Int.random(in: 0..<100, using: &chance)
        if die < 5, !isLate {
            let failure = StepFailure(
                code: "provider.refused", message: "Slow down.", retry: .refused(.milliseconds(100)))
            if try await engine.record(step, failed: failure, spent: nil) == .recorded { tally.refused.add() }
            return
        }
        if die < 8, !isLate {
            let failure = StepFailure(code: "provider.down", message: "No answer.", retry: .backoff)
            _ = try await engine.record(step, failed: failure, spent: .make(cost: step.charged))
            return
        }
        if die < 9, !isLate {
            _ = try await engine.release(step, spent: nil)
            return
        }
        let outcome = try await engine.record(step, Recording("done"), spent: .make(cost: step.charged))
        if outcome == .recorded { tally.recorded.add() } else { tally.lost.add() }
        guard Int.random(in: 0..<100, using: &chance) < 2 else { return }
        tally.resent.add()
        #expect(try await engine.record(step, Recording("done"), spent: .make(cost: step.charged)) == outcome)
    }

    /// Signals, pauses and cancellations, at random.
    private func meddle(until isOver: @Sendable () -> Bool) async throws {
        var chance = EngineChance(seed: 99)
        let all = ids.withLock { $0 }
        while !isOver() {
            let id = all[Int.random(in: 0..<all.count, using: &chance)]
            let engine = engines[Int.random(in: 0..<engines.count, using: &chance)]
            let tenant = tenants[Int.random(in: 0..<tenants.count, using: &chance)]
            do {
                switch Int.random(in: 0..<20, using: &chance) {
                case 0:
                    try await engine.transaction { try engine.cancel(id, by: "storm", in: $0, waking: $1) }
                case 1...3:
                    try await engine.transaction { transaction, _ in try engine.hold(tenant, in: transaction) }
                    try await Task.sleep(for: .milliseconds(10))
                    try await engine.transaction { try engine.resume(tenant, in: $0, waking: $1) }
                default:
                    try await engine.transaction { transaction, wakes in
                        _ = try engine.signal(id, "go#1", by: "storm", in: transaction, waking: wakes)
                    }
                }
            } catch is EngineError {
                // It has ended already.
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
