import Database
@testable import Engine
import TestSupport
import Testing

/// The bounds of the proof, over the tables and two processes. Every case is the same in every run.
@Suite struct `The bounds of a pool` {
    /// A pool of random limits under two processes that claim, record, refuse, cancel and die at random.
    struct Trial {
        let bench: EngineFixture
        let clock: EngineClock
        let engines: [Engine]
        let pool: PoolDefinition
        var tenants: [TenantID] = []
        var chance: EngineChance
        var windows = Windows()
        var flying: [(step: ClaimedStep, engine: Int, grant: Int)] = []
        var recorded: [Int] = []
        var now = EngineClock.beginning
        /// How far actual costs stray from what was charged; 0 is not at all.
        var error = 0.0
        var refuses = false

        var rate: Double { (pool.costPerMinute ?? 0) / 60_000 }
        var burst: Double { pool.costBurst ?? 0 }

        static func pool(_ seed: UInt64) -> PoolDefinition {
            var chance = EngineChance(seed: seed)
            return .make("model") {
                $0.costPerMinute = .random(in: 60_000...600_000, using: &chance)
                $0.costBurst = .random(in: 500...5000, using: &chance)
                $0.requestsPerMinute = .random(in: 100...1500, using: &chance)
                $0.requestBurst = .random(in: 1...6, using: &chance)
                $0.credit = 2000
                $0.learnsEstimates = false
            }
        }

        static func with(
            _ fixture: DatabaseFixture, _ seed: UInt64, _ body: (inout Trial) async throws -> Void
        ) async throws {
            let pool = pool(seed)
            try await fixture.withEngine(seed: seed, { $0.pools = [pool] }) { bench, clock in
                var trial = Trial(
                    bench: bench, clock: clock, engines: [bench.engine, try await bench.another()], pool: pool,
                    chance: EngineChance(seed: seed &* 31))
                for index in 0..<5 {
                    trial.tenants.append(try await bench.tenant("t\(index)", weight: Double(1 + index % 3)))
                }
                try await body(&trial)
                try await bench.expectSoundBooks()
            }
        }

        mutating func enqueue(_ count: Int) async throws {
            for _ in 0..<count {
                let tenant = tenants[Int.random(in: 0..<tenants.count, using: &chance)]
                let cost = burst * .random(in: 0.05...1.6, using: &chance)
                try await bench.enqueue([.run("first", pool: "model", cost: cost)], for: tenant)
            }
        }

        mutating func advance(by milliseconds: Double) async throws {
            now += milliseconds.rounded()
            try await clock.advance(by: .milliseconds(milliseconds.rounded()))
        }

        mutating func claim(upTo limit: Int) async throws {
            let engine = Int.random(in: 0..<2, using: &chance)
            let steps = try await bench.claim("model", upTo: limit, by: engines[engine]).steps
            // It has taken in what was recorded before.
            for index in recorded { windows.grants[index].settled = now }
            recorded = []
            for step in steps {
                let actual = step.charged * (1 + .random(in: -1...1, using: &chance) * error)
                windows.grants.append(.init(start: step.start, charged: step.charged, actual: actual))
                flying.append((step, engine, windows.grants.count - 1))
            }
        }

        /// Ends some of what is under way.
        mutating func end(_ share: Double) async throws {
            var rest: [(step: ClaimedStep, engine: Int, grant: Int)] = []
            for entry in flying {
                guard Double.random(in: 0...1, using: &chance) < share else {
                    rest.append(entry)
                    continue
                }
                if refuses, Int.random(in: 0..<8, using: &chance) == 0 {
                    let refusal = StepFailure(code: "x", message: "x", retry: .refused(.milliseconds(200)))
                    _ = try await engines[entry.engine].record(entry.step, failed: refusal, spent: nil)
                    windows.grants[entry.grant].isRefused = true
                } else if Int.random(in: 0..<20, using: &chance) == 0 {
                    try await bench.cancel(entry.step.job.id)
                    windows.grants[entry.grant].actual = entry.step.charged
                    continue
                } else {
                    let actual = windows.grants[entry.grant].actual
                    _ = try await bench.record(entry.step, cost: actual, by: engines[entry.engine])
                }
                recorded.append(entry.grant)
            }
            flying = rest
        }

        mutating func run(rounds: Int) async throws {
            for _ in 0..<rounds {
                try await enqueue(Int.random(in: 0...12, using: &chance))
                try await claim(upTo: Int.random(in: 1...30, using: &chance))
                try await end(0.5)
                let isLong = Int.random(in: 0..<15, using: &chance) == 0
                try await advance(by: .random(in: 0...1200, using: &chance) * (isLong ? 15 : 1))
            }
        }
    }

    @Test(arguments: DatabaseFixture.every, [11, 12, 13] as [UInt64])
    func `hold in every window, in cost and in requests, whoever claims`(
        _ fixture: DatabaseFixture, _ seed: UInt64
    ) async throws {
        try await Trial.with(fixture, seed) { trial in
            try await trial.run(rounds: 60)

            #expect(trial.windows.grants.count > 60)
            let excess = trial.windows.excess(rate: trial.rate, burst: trial.burst, allowsErrors: false)
            #expect(excess < 0.05)  // Times are exact to a quarter of a microsecond.
            let requests = trial.windows.excessOfRequests(
                rate: (trial.pool.requestsPerMinute ?? 0) / 60_000, burst: trial.pool.requestBurst)
            #expect(requests < 1e-6)
        }
    }

    @Test(arguments: DatabaseFixture.every, [21, 22, 23] as [UInt64])
    func `are passed by no more than what is not yet known of calls in flight, when estimates are wrong`(
        _ fixture: DatabaseFixture, _ seed: UInt64
    ) async throws {
        try await Trial.with(fixture, seed) { trial in
            trial.error = 0.4
            trial.refuses = true
            try await trial.run(rounds: 60)

            let excess = trial.windows.excess(rate: trial.rate, burst: trial.burst, allowsErrors: true)
            #expect(excess < 0.05)  // Times are exact to a quarter of a microsecond.
            #expect(trial.windows.grants.contains { $0.isRefused })
        }
    }

    @Test(arguments: DatabaseFixture.every, [0.0, 0.4])
    func `leave nothing unused while there is a backlog and somebody claims every second`(
        _ fixture: DatabaseFixture, _ error: Double
    ) async throws {
        try await Trial.with(fixture, 31) { trial in
            trial.error = error
            try await trial.enqueue(400)
            try await trial.claim(upTo: 100)
            let begun = trial.windows.grants.count
            for _ in 0..<25 {
                try await trial.advance(by: .random(in: 300...1000, using: &trial.chance))
                try await trial.claim(upTo: 100)
                try await trial.end(1)
            }

            let served = trial.windows.grants[begun...]
            let last = trial.windows.grants.map(\.start).max() ?? 0
            let span = last - trial.windows.grants[begun - 1].start
            let byCost = served.map(\.charged).reduce(0, +) + 2 * max(trial.burst, trial.burst * 1.6)
            let byRequests = Double(served.count) + trial.pool.requestBurst + 1
            let unsettled = error * trial.burst * 1.6 * 60
            let requestRate = (trial.pool.requestsPerMinute ?? 0) / 60_000
            #expect(byCost + unsettled >= trial.rate * span * 0.99 || byRequests >= requestRate * span * 0.99)
            #expect(served.count > 20)
        }
    }

    @Test(arguments: DatabaseFixture.every, [41, 42] as [UInt64])
    func `hold for each site's own rate, and for caps of lane and pool`(
        _ fixture: DatabaseFixture, _ seed: UInt64
    ) async throws {
        let sites = PoolDefinition.make("sites") {
            $0.concurrency = 7
            $0.lane.concurrency = 3
            $0.lane.requestsPerMinute = 200
            $0.lane.requestBurst = 4
        }
        try await fixture.withEngine(seed: seed, { $0.pools = [sites] }) { bench, clock in
            var chance = EngineChance(seed: seed)
            let engines = [bench.engine, try await bench.another()]
            var windows: [TenantID: Windows] = [:]
            var flying: [ClaimedStep] = []
            var tenants: [TenantID] = []
            for index in 0..<4 {
                tenants.append(try await bench.tenant("t\(index)"))
                try await bench.enqueue(60, on: "sites", for: tenants[index])
            }
            for _ in 0..<70 {
                let engine = engines[Int.random(in: 0..<2, using: &chance)]
                let steps = try await bench.claim("sites", upTo: 20, by: engine).steps
                flying += steps
                for step in steps {
                    windows[step.job.tenant, default: Windows()].grants.append(
                        .init(start: step.start, charged: 1, actual: 1))
                }
                #expect(flying.count <= 7)
                for tenant in tenants { #expect(flying.count { $0.job.tenant == tenant } <= 3) }
                for _ in 0..<Int.random(in: 0...5, using: &chance) where !flying.isEmpty {
                    let index = Int.random(in: 0..<flying.count, using: &chance)
                    try await bench.record(flying.remove(at: index))
                }
                try await clock.advance(by: .milliseconds(Double.random(in: 0...500, using: &chance).rounded()))
            }

            for (_, window) in windows {
                #expect(window.excess(rate: 200.0 / 60_000, burst: 4, allowsErrors: false) < 1e-6)
                #expect(window.grants.count > 20)
            }
            try await bench.expectSoundBooks()
        }
    }
}
