@testable import Engine
import TestSupport
import Testing

/// Random pools, claimers and costs; every case is the same in every run.
@Suite struct `Permits of a pool` {
    struct Start { var at: Double, cost: Double }

    /// One pool under a claimer that comes at random times and takes what is granted within the horizon.
    struct Trial {
        var permits: Permits
        var starts: [Start] = []
        var now = 1_000_000.0
        var chance: EngineChance
        /// What is next keeps its place until it is granted.
        var head: Double?
        let costMax: Double
        let horizon = 1000.0

        enum Limits { case both, requests, cost }

        init(seed: UInt64, _ limits: Limits) {
            var chance = EngineChance(seed: seed)
            let requests = Permits.Dimension(
                rate: .random(in: 0.002...0.05, using: &chance), burst: .random(in: 1...5, using: &chance), arrival: 0)
            let burst = Double.random(in: 100...5000, using: &chance)
            let cost = Permits.Dimension(rate: .random(in: 0.5...20, using: &chance), burst: burst, arrival: 0)
            costMax = burst * .random(in: 0.2...3, using: &chance)
            permits = Permits(
                requests: limits == .cost ? nil : requests, cost: limits == .requests ? nil : cost, pauseUntil: 0)
            self.chance = chance
        }

        mutating func claim(_ limit: Int) {
            for _ in 0..<limit {
                let cost = head ?? .random(in: 0.01...1, using: &chance) * costMax
                head = cost
                let start = permits.start(costing: cost, at: now)
                guard start <= now + horizon else { return }
                permits.take(costing: cost, at: start)
                starts.append(Start(at: start, cost: cost))
                head = nil
            }
        }

        mutating func run(claims: Int) {
            for _ in 0..<claims {
                now +=
                    Double.random(in: 0...1500, using: &chance) * (Int.random(in: 0..<20, using: &chance) == 0 ? 20 : 1)
                claim(Int.random(in: 1...30, using: &chance))
            }
        }

        /// The most that any window holds beyond what it may.
        func excess(_ dimension: Permits.Dimension, _ amount: (Start) -> Double) -> Double {
            let largest = starts.map(amount).max() ?? 0
            var excess = -Double.infinity
            for first in starts.indices {
                var sum = 0.0
                for last in first..<min(starts.count, first + 200) {
                    sum += amount(starts[last])
                    let window = starts[last].at - starts[first].at
                    excess = max(excess, sum - dimension.rate * window - max(dimension.burst, largest))
                }
            }
            return excess
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `never let a window exceed its rate and one burst, in both dimensions at once`(_ seed: UInt64) {
        var trial = Trial(seed: seed, .both)

        trial.run(claims: 120)

        #expect(trial.starts.map(\.at) == trial.starts.map(\.at).sorted())
        if let requests = trial.permits.requests { #expect(trial.excess(requests) { _ in 1 } < 1e-6) }
        if let cost = trial.permits.cost { #expect(trial.excess(cost, \.cost) < 1e-6 * cost.burst) }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>, [Trial.Limits.requests, .cost])
    func `lose no credit while there is a backlog and somebody claims every second`(
        _ seed: UInt64, _ limits: Trial.Limits
    ) throws {
        var trial = Trial(seed: seed, limits)
        trial.claim(1000)
        let begun = trial.starts.count

        for _ in 0..<300 {
            trial.now += .random(in: 100...1000, using: &trial.chance)
            trial.claim(1000)
        }

        let served = trial.starts[begun...]
        let span = try #require(trial.starts.last).at - trial.starts[max(0, begun - 1)].at
        let spent = limits == .cost ? served.map(\.cost).reduce(0, +) : Double(served.count)
        let dimension = try #require(limits == .cost ? trial.permits.cost : trial.permits.requests)
        // What the pool has earned and not given out is at most one burst, or what it saves up for a costly step.
        #expect(spent + max(dimension.burst, limits == .cost ? trial.costMax : 1) >= dimension.rate * span * 0.999)
    }

    @Test func `let a step through that costs more than the burst, and make up for it`() {
        var permits = Permits(
            requests: nil, cost: Permits.Dimension(rate: 1, burst: 100, arrival: 0), pauseUntil: 0)

        permits.take(costing: 1000, at: permits.start(costing: 1000, at: 5000))

        // 900 of the 1,000 had been saved up before its start; the burst is spent as well.
        #expect(permits.start(costing: 100, at: 5000) == 5100)
        #expect(permits.start(costing: 1000, at: 5000) == 6000)
    }

    @Test func `start a costly step once the pool has saved up for it`() {
        var permits = Permits(
            requests: nil, cost: Permits.Dimension(rate: 1, burst: 100, arrival: 0), pauseUntil: 0)
        permits.take(costing: 100, at: permits.start(costing: 100, at: 5000))

        #expect(permits.start(costing: 1000, at: 5000) == 6000)
        #expect(permits.start(costing: 1000, at: 5999) == 6000)
        #expect(permits.start(costing: 1000, at: 7000) == 7000)
    }

    @Test func `are granted in time to a step that costs more than burst and horizon together`() {
        var permits = Permits(
            requests: nil, cost: Permits.Dimension(rate: 1, burst: 100, arrival: 0), pauseUntil: 0)
        permits.take(costing: 100, at: 5000)
        var waited = 0.0

        // Whoever claims looks anew every 100 ms; the step must come nearer.
        while permits.start(costing: 4000, at: 5000 + waited) > 5000 + waited + 1000, waited < 60_000 { waited += 100 }

        #expect(waited == 3000)
    }

    @Test func `are corrected up and down once the cost is known, and never save up more than a burst`() {
        var permits = Permits(
            requests: nil, cost: Permits.Dimension(rate: 1, burst: 100, arrival: 0), pauseUntil: 0)
        permits.take(costing: 100, at: 5000)

        permits.settle(50)
        #expect(permits.start(costing: 100, at: 5000) == 5150)
        permits.settle(-100)
        #expect(permits.start(costing: 100, at: 5000) == 5050)
        permits.settle(-100_000)
        permits.take(costing: 100, at: permits.start(costing: 100, at: 5000))
        #expect(permits.start(costing: 100, at: 5000) == 5100)
    }

    @Test func `wait for the end of a pause`() {
        let permits = Permits(
            requests: Permits.Dimension(rate: 1, burst: 5, arrival: 0), cost: nil, pauseUntil: 9000)

        #expect(permits.start(costing: 1, at: 5000) == 9000)
        #expect(permits.start(costing: 1, at: 9500) == 9500)
        #expect(permits.earliest() == 9000)
    }

    @Test func `can be foretold by a look at the times alone`() {
        var permits = Permits(
            requests: Permits.Dimension(rate: 0.01, burst: 1, arrival: 0),
            cost: Permits.Dimension(rate: 1, burst: 100, arrival: 0), pauseUntil: 0)

        permits.take(costing: 10, at: 5000)

        #expect(permits.earliest() == 5100)
        #expect(permits.start(costing: 10, at: 5000) == 5100)
    }

    @Test func `are not slowed by rounding: a start keeps its fraction of a millisecond`() {
        var permits = Permits(requests: Permits.Dimension(rate: 8, burst: 1, arrival: 0), cost: nil, pauseUntil: 0)

        for _ in 0..<8000 { permits.take(costing: 1, at: permits.start(costing: 1, at: 5000)) }

        #expect(abs(permits.start(costing: 1, at: 5000) - 6000) < 0.001)
    }
}
