import ArgumentParser
import Simulation

extension Load {
    struct Blogs: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Play what `simulate` plays on real processes.",
            discussion: """
                Submits over HTTP to one server; workers write. --speed 20 plays an hour in three minutes.
                """)

        @OptionGroup var options: LoadOptions
        @OptionGroup var demand: SimulatedDemand
        @OptionGroup var limits: SimulatedLimits
        @OptionGroup var trouble: SimulatedTrouble
        @Option(help: "How many times faster than life the providers are, and the limits with them.") var speed = 20.0
        @Option(help: "Submissions of the start that are under way at once.") var connections = 32
        @Flag(help: "Stop when all submissions are answered: nothing is written, no worker runs.")
        var submissionsOnly = false

        func validate() throws {
            try BenchOptions.require((0.1...200).contains(speed), "--speed is 0.1 to 200")
            try BenchOptions.require((1...10_000).contains(connections), "--connections is 1 to 10000")
            try BenchOptions.require(demand.blogs <= 10_000, "--blogs is at most 10000 on real processes")
        }

        func run() async throws {
            var scenario = Scenario()
            try demand.apply(to: &scenario)
            try limits.apply(to: &scenario)
            try trouble.apply(to: &scenario)
            let settings = try options.settings()
            try BenchOptions.require(
                settings.postgres != nil || scenario.workers == 1,
                "several workers need PostgreSQL: name one with --database, or take --workers 1")
            let scene = LoadScene(
                scenario: scenario, speed: speed, connections: connections, writes: !submissionsOnly,
                postgres: settings.postgres, logger: Surroundings.logger(settings.logs, quiet: true))
            let (report, outcome) = try await Load.untilStopped(settings.logs) { try await scene.play() }
            guard !options.common.json else { return JSONReport.print(report, isOneLine: true) }
            if let figures = report.figures, let outcome {
                TextReport.print(SimulationText(figures, outcome).text)
            }
            TextReport.print(report.text)
        }
    }
}

extension LoadReport {
    /// What a simulation cannot show, for people.
    var text: String {
        let sent = submissions
        return """
            · \(sent.accepted) of \(sent.sent) submissions accepted in \(Int(sent.seconds * 1000)) ms, \(sent.refused) \
            refused; half of them answered within \(Int(sent.p50Milliseconds)) ms, 99 % within \
            \(Int(sent.p99Milliseconds)) ms; \(sent.stored) are stored
            · no process had more than \(memoryPeakBytes >> 20) MB
            """
    }
}
