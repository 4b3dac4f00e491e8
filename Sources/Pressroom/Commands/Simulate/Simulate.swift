import ArgumentParser
import Foundation
import Simulation

struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play a whole day's queue in a minute: the real engine under a virtual clock.",
        discussion: """
            Engine and workflow as they are, on one thread, with a database in memory, against the sandbox's limits. The \
            defaults are 5,000 blogs of 100 sites, one of which owns half, and 20 sites that ask for a single one in the \
            middle of it. One seed gives one history, bit for bit: history_hash tells.

            Use a release build: .build/release/pressroom simulate
            """,
        subcommands: [Run.self, Crashes.self], defaultSubcommand: Run.self)

    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One scenario, with a report of how long, how full and how fair it was.")
        @OptionGroup var demand: SimulatedDemand
        @OptionGroup var limits: SimulatedLimits
        @OptionGroup var trouble: SimulatedTrouble
        @Option(help: "Play an older design instead: fifo or capped.") var design: OlderDesign.Kind?
        @Option(help: "Draw progress and quota use into this SVG file.") var plot: String?
        @Flag(help: "Answer with one JSON object on standard output.") var json = false

        func run() throws {
            var scenario = Scenario()
            try demand.apply(to: &scenario)
            try limits.apply(to: &scenario)
            try trouble.apply(to: &scenario)
            let begin = Surroundings.clock.now
            let idle = try ScenarioRun(scenario.idle).run()
            let outcome = try design.map { OlderDesign($0, scenario).run() } ?? ScenarioRun(scenario).run()
            let report = outcome.report(
                idleWait: design == nil ? idle.meanWait : .zero, wall: begin.duration(to: Surroundings.clock.now))
            if let plot { try Data(ProgressPlot(outcome).svg.utf8).write(to: URL(filePath: plot)) }
            guard !json else { return JSONReport.print(report, isOneLine: true) }
            TextReport.print(SimulationText(report, outcome).text)
        }
    }

    struct Crashes: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Four jobs, three workers, and processes killed, stopped and cut off: once for each seed.")
        @Argument(help: "How many seeds.") var seeds: UInt64
        @Option(help: "The first seed.") var seed: UInt64 = 1
        @Option(help: "Take a guard out of the engine, which must be noticed: fence, rescuer or settle.")
        var mutation: Mutation?
        @Flag(help: "Print what the processes log.") var log = false
        @Flag(help: "Answer with one JSON object on standard output.") var json = false

        func validate() throws {
            try BenchOptions.require(seeds > 0, "the number of seeds counts from 1")
        }

        func run() throws {
            var report = CrashReport()
            for seed in seed..<(seed + seeds) {
                var scenario = CrashScenario(seed: seed)
                scenario.mutation = mutation
                scenario.showsLog = log
                report.add(try scenario.run(), seed: seed)
            }
            if json { JSONReport.print(report, isOneLine: true) } else { TextReport.print(report.text) }
            if report.failed > 0 { throw ExitCode.failure }
        }
    }
}

extension OlderDesign.Kind: ExpressibleByArgument {}
extension Mutation: ExpressibleByArgument {}
