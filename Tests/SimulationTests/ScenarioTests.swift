import Testing

@testable import Simulation

/// The real engine with a tenth of the usual blogs.
@Suite struct `A simulated queue` {
    static func small(_ change: (inout Scenario) -> Void = { _ in }) -> Scenario {
        var scenario = Scenario()
        scenario.blogs = 500
        scenario.sites = 20
        scenario.lateSingles = 5
        scenario.lateFrom = .seconds(60)
        scenario.lateTo = .seconds(240)
        change(&scenario)
        return scenario
    }

    @Test func `fills the quota, refuses nothing and shares it fairly`() throws {
        let scenario = Self.small()
        let idle = try ScenarioRun(scenario.idle).run()

        let report = try ScenarioRun(scenario).run().report(idleWait: idle.meanWait, wall: .zero)

        #expect(report.done == 505)
        #expect(report.failed == 0)
        #expect(report.refusals == 0)
        // The last blog still has its picture and its draft to go through when the last token is spent.
        #expect(report.makespanSeconds <= report.boundSeconds * 1.05 + 80)
        #expect(report.worstWindow <= 1.02)
        #expect(report.jain50 >= 0.99)
        #expect(report.lateSlowdownMean <= 1.1)
        #expect(report.lateSlowdownMax <= 1.25)
        #expect(report.ideaWaitP99Seconds <= 2)
    }

    @Test func `is the same for the same seed, and another for another`() throws {
        var scenario = Self.small {
            $0.blogs = 60
            $0.lateSingles = 1
            $0.killEvery = .seconds(40)
        }

        let first = try ScenarioRun(scenario).run().historyHash
        let second = try ScenarioRun(scenario).run().historyHash
        scenario.seed = 2
        let other = try ScenarioRun(scenario).run().historyHash

        #expect(first == second)
        #expect(first != other)
    }

    @Test func `loses and repeats nothing when workers are killed`() throws {
        let scenario = Self.small {
            $0.blogs = 120
            $0.lateSingles = 1
            $0.killEvery = .seconds(30)
        }

        let outcome = try ScenarioRun(scenario).run()
        let report = outcome.report(idleWait: .zero, wall: .zero)

        #expect(report.done == 121)
        #expect(outcome.draftsMade == 121)
        #expect(report.refusals == 0)
    }
}
