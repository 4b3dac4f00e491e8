@testable import Engine
import TestSupport

/// A pool and its provider under one clock, without a database: what the claimers decide, what the provider really
/// grants, what it says beside its answers, and what is learned from that.
///
/// The provider is a bucket of one minute that refills evenly. It shares no code with the permits.
struct ProviderTrial {
    var real = 300_000.0
    var tellsLimits = true
    /// What the provider counts for a call, over what the pool is charged.
    var countsFactor = 1.0
    /// What somebody else takes of it, a minute.
    var foreign = 0.0

    private(set) var calls = 0
    private(set) var refusals = 0
    private(set) var granted = 0.0
    private(set) var learned: LearnedLimits
    private var permits: Permits
    private let configured: Double
    private var chance: EngineChance
    private var now = 0.0
    private var level: Double
    private var levelAt = 0.0
    private var flying: [Flight] = []

    private struct Flight {
        var start: Double
        var arrives: Double
        var cost: Double
        var granted: LearnedLimits.Granted
        var answers = Double.infinity
        var report: PoolReport?
    }

    init(configured: Double = 450_000, real: Double = 300_000, seed: UInt64 = 1) {
        self.configured = configured
        self.real = real
        level = real
        chance = EngineChance(seed: seed)
        permits = Permits(
            requests: nil, cost: Permits.Dimension(rate: configured / 60_000, burst: 7500, arrival: 0), pauseUntil: 0)
        learned = LearnedLimits(
            requestLimit: ToldLimit(), costLimit: ToldLimit(), bucketReadings: 0, pace: Pace(),
            granted: LearnedLimits.Granted(), follows: false)
    }

    /// Refusals so far, over all calls.
    var refusedShare: Double { Double(refusals) / Double(max(1, calls)) }

    mutating func run(minutes: Double) {
        let end = now + minutes * 60_000
        while now < end {
            now += 250
            deliver()
            claim()
        }
    }

    private mutating func claim() {
        learned.refresh(at: now)
        permits.cost?.rate = learned.cost(configured: configured / 60_000)
        while true {
            let cost = Bool.random(using: &chance) ? 2000.0 : 4000
            let start = permits.start(costing: cost, at: now)
            guard start <= now + 1000 else { return }
            permits.take(costing: cost, at: start)
            learned.granted.cost += cost
            learned.granted.requests += 1
            learned.pace.granted(1, at: now)
            granted += cost
            flying.append(
                Flight(
                    start: start, arrives: start + .random(in: 20...300, using: &chance), cost: cost,
                    granted: learned.granted))
        }
    }

    private mutating func deliver() {
        for index in flying.indices.sorted(by: { flying[$0].arrives < flying[$1].arrives })
        where flying[index].arrives <= now && flying[index].report == nil { admit(index) }
        for flight in flying where flight.answers <= now {
            if let report = flight.report { learned.hear(report, delaying: &permits, at: now) }
        }
        flying.removeAll { $0.answers <= now }
    }

    private mutating func admit(_ index: Int) {
        var flight = flying[index]
        calls += 1
        refill(to: flight.arrives)
        let counted = flight.cost * countsFactor
        let isAdmitted = level >= counted
        if isAdmitted { level -= counted }
        flight.report = report(of: flight)
        flight.answers = flight.arrives + (isAdmitted ? .random(in: 3000...15_000, using: &chance) : 50)
        flying[index] = flight
        guard !isAdmitted else { return }
        refusals += 1
        granted -= flight.cost
        _ = learned.pace.refused(at: now)
        permits.settle(-flight.cost)
        permits.pauseUntil = max(permits.pauseUntil, now + max(100, (counted - level) / (real / 60_000)))
    }

    private mutating func refill(to moment: Double) {
        guard moment > levelAt else { return }
        level = min(real, level + (real - foreign) / 60_000 * (moment - levelAt)).clamped(to: 0...real)
        levelAt = moment
    }

    private func report(of flight: Flight) -> PoolReport {
        let bucket = ReportedLimits.Bucket(
            limit: real, remaining: level, reset: .milliseconds((real - level) / real * 60_000))
        return PoolReport(
            subject: .init(kind: "k", step: "s", model: "m"), startedAt: flight.start,
            cost: tellsLimits ? bucket : nil, granted: flight.granted,
            refillsEvenly: tellsLimits ? bucket.refillsEvenly : nil)
    }
}
