import ArgumentParser
import Blog
import Engine
import Foundation
import Logging
import Outbound
import Sandbox
import ServiceLifecycle
import Simulation
import Synchronization
import UnixSignals

struct Load: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play what `simulate` plays on real processes, and look at it from outside.",
        discussion: """
            Starts a server and workers as processes of their own on loopback, with the sandbox beside them, submits over \
            HTTP and reports what the sandbox's log and the server's answers show. On PostgreSQL it works in a schema of \
            its own, pressroom_load, which it empties first; without a database it takes SQLite, where the one worker \
            lives in the server. --speed 20 plays an hour in three minutes.

            Use a release build: .build/release/pressroom load
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var demand: SimulatedDemand
    @OptionGroup var limits: SimulatedLimits
    @OptionGroup var trouble: SimulatedTrouble
    @Option(help: "The database: postgres://… Default: DATABASE_URL, or else SQLite in a temporary folder.")
    var database: String?
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
        let settings = try common.settings(.flags(["DATABASE_URL": database]))
        let postgres: String? =
            if case .postgres(let url, _) = settings.storage.database { url.exposed } else { nil }
        try BenchOptions.require(
            postgres != nil || scenario.workers == 1,
            "several workers need PostgreSQL: name one with --database, or take --workers 1")
        let scene = LoadScene(
            scenario: scenario, speed: speed, connections: connections, writes: !submissionsOnly, postgres: postgres,
            logger: Surroundings.logger(settings.logs, quiet: true))
        let result = Mutex<(LoadReport, Outcome?)?>(nil)
        let play = BackgroundService {
            let played = try await scene.play()
            result.withLock { $0 = played }
        }
        var quiet = Surroundings.logger(settings.logs, quiet: true)
        quiet.logLevel = max(quiet.logLevel, .warning)
        // Ctrl-C ends the processes that were started, too.
        try await ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: play, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        ).run()
        guard let (report, outcome) = result.withLock({ $0 }) else { throw CancellationError() }
        guard !common.json else { return JSONReport.print(report, isOneLine: true) }
        if let figures = report.figures, let outcome { TextReport.print(SimulationText(figures, outcome).text) }
        TextReport.print(report.text)
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
