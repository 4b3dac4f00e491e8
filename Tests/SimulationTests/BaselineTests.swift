import Testing

@testable import Simulation

@Suite struct `The older designs` {
    @Test func `capped leaves the quota idle`() {
        let report = OlderDesign(.capped, Scenario()).run().report(idleWait: .zero, wall: .zero)

        #expect(report.done == 5_020)
        #expect(report.ratio >= 1.8)
    }

    @Test func `fifo is refused all the time and lets the late ones wait`() {
        let report = OlderDesign(.fifo, Scenario()).run().report(idleWait: .zero, wall: .zero)

        #expect(report.done == 5_020)
        #expect(report.refusals >= 10_000)
        #expect(report.lateSlowdownMean >= 40)
    }
}

@Suite struct `A fluid schedule` {
    @Test func `is as long as the tokens take when nothing else binds`() {
        var scenario = Scenario()
        scenario.lateSingles = 0

        let makespan = FluidSchedule(scenario, tokensPerBlog: 6_000).makespan

        #expect(abs(makespan / .seconds(60) - 5_000 / 75) < 0.001)
    }

    /// Every site gets 0.75 blogs a minute until the small ones are done with their 25, give or take one; then the first
    /// one's own 200 calls a minute bind, at 50 blogs.
    @Test func `goes on at the pace of the one site that is left`() {
        var scenario = Scenario()
        scenario.lateSingles = 0
        scenario.siteCalls = 4

        let makespan = FluidSchedule(scenario, tokensPerBlog: 6_000).makespan

        #expect((82.8...83.2).contains(makespan / .seconds(60)))
    }
}

@Suite struct `Max-min shares` {
    @Test func `give what one does not want to the others, by weight`() {
        let shares = Fairness.maxMinShares(
            ["a": 1, "b": 10, "c": 10], weights: { $0 == "c" ? 2 : 1 }, of: 10)

        #expect(shares == ["a": 1, "b": 3, "c": 6])
    }

    @Test func `are all there is when Jain's index is one`() {
        let fair = ["a": 1.0, "b": 3, "c": 6]

        #expect(Fairness.jain(fair, fair: fair) == 1)
        #expect(Fairness.jain(["a": 10], fair: fair) < 0.34)
    }
}

@Suite struct `A timer table` {
    @Test func `rings in the order of time, then of setting`() {
        var table = TimerTable<String>()
        table.insert("c", at: .seconds(3))
        table.insert("a", at: .seconds(1))
        let removed = table.insert("x", at: .seconds(1))
        table.insert("b", at: .seconds(1))

        #expect(table.remove(removed) == "x")
        #expect([table.popFirst()?.value, table.popFirst()?.value, table.popFirst()?.value] == ["a", "b", "c"])
        #expect(table.popFirst()?.value == nil)
    }
}
