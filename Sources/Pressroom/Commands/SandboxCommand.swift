import ArgumentParser
import Foundation
import Logging
import Sandbox
import ServiceLifecycle
import UnixSignals

struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Run the simulated providers as a server: a language model, an image provider, and Wix.",
        discussion: """
            Speaks the wire protocols of OpenAI's chat completions and of Replicate, with realistic latencies and \
            limits. Point OPENAI_BASE_URL and REPLICATE_BASE_URL at its /v1, with any key. Its calls are at \
            /sandbox/calls, its counters at /sandbox/stats, its fault script at /sandbox/faults. Wix is below /wix; \
            what its sites' owners do, below /sandbox/wix.
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "The port to listen on; 0 takes any.") var port = 8089
    @Option(help: "How many sandbox seconds pass in a real one.") var speed = 1.0
    @Option(help: "Requests a sandbox minute.") var rpm = 450
    @Option(help: "Tokens a sandbox minute.") var tpm = 450_000
    @Option(help: "Image orders a sandbox minute.") var imageRpm = 450
    @Option(help: "How limits are kept: \(Enforcement.allCases.map(\.rawValue).joined(separator: ", ")).")
    var enforcement = Enforcement.continuousMinute.rawValue
    @Flag(help: "Every call takes the mean of its range, for measurements.") var fixedLatency = false
    @Option(help: "What texts and latencies are drawn from.") var seed: UInt64 = 1
    @Option(help: "A file with a JSON list of fault rules.") var faults: String?
    @Option(help: "A file that gets a line of JSON for each call.") var callLog: String?
    @Option(help: "Where the simulated Wix tells the app what happens, such as http://127.0.0.1:8080/webhooks/wix.")
    var wixWebhooks: String?

    func run() async throws {
        let settings = try common.settings()
        let logger = Surroundings.logger(settings.logs)
        var configuration = SandboxConfiguration()
        configuration.port = port
        configuration.speed = speed
        configuration.requestsPerMinute = rpm
        configuration.tokensPerMinute = tpm
        configuration.imageRequestsPerMinute = imageRpm
        guard let enforcement = Enforcement(rawValue: enforcement) else {
            throw ValidationError(
                "--enforcement is one of \(Enforcement.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        configuration.enforcement = enforcement
        configuration.fixedLatency = fixedLatency
        configuration.seed = seed
        configuration.callLogPath = callLog
        configuration.wix.webhookURL = wixWebhooks
        configuration.faults = try faults.map(Self.rules(at:)) ?? []
        let server = try SandboxServer(
            configuration: configuration, clock: Surroundings.clock, startedAt: Surroundings.wallClock(),
            random: SystemRandomNumberGenerator(), logger: logger)
        let announcement = BackgroundService {
            let address = try await server.address()
            if common.json {
                JSONReport.print(["address": address.url, "api": address.apiURL])
            } else {
                TextReport.print("The sandbox listens on \(address.url); clients use \(address.apiURL)")
            }
            try await Surroundings.clock.sleep(for: .seconds(1_000_000_000))
        }
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        try await ServiceGroup(
            services: [server, announcement], gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet
        ).run()
    }

    private static func rules(at path: String) throws -> [FaultRule] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandError("faults.file_missing", "There is no readable file \(path).", status: .noInput)
        }
        do {
            return try JSONDecoder().decode([FaultRule].self, from: data)
        } catch {
            throw CommandError(
                "faults.malformed", "\(path) is no list of fault rules: \(error)",
                hint: #"For example: [{"when": {"operation": "article", "nth": 2}, "fault": "server_error"}]"#,
                status: .data)
        }
    }
}
