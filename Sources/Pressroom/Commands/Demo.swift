import ArgumentParser
import Blog
import Foundation
import Logging
import Outbound
import Sandbox
import ServiceLifecycle
import Synchronization
import Web

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The main job, with nothing to configure: three sites, twelve requests, finished articles.",
        discussion: """
            Runs the server, a worker and the sandbox in this process, on SQLite in the output folder unless \
            DATABASE_URL says otherwise. Open the page it names, or watch here. A demo that was killed goes on where \
            it was when it is started again.
            """)

    @OptionGroup var common: CommonOptions
    @Flag(help: "Leave when all is finished, instead of serving on.") var exit = false
    @Flag(help: "Show the other product instead: personas, a battle, and a thread with its summary.") var arena = false
    @Option(help: "How many articles; the twelve requests are repeated as needed.") var blogs = 12
    @Option(help: "How many times faster than life the simulated providers are.") var speed = 8.0
    @Option(help: "The folder for articles.") var output = "output"
    @Option(help: "Where posts appear: a folder, or a simulated Wix site (wix).") var publisher = PublisherKind.folder
    @Option(help: "The port of the page; 0 takes any. Default: 8080, or any free one if that is taken.") var port: Int?

    func validate() throws {
        guard (1...5_000).contains(blogs) else { throw ValidationError("--blogs is from 1 to 5000") }
        guard (0.1...1_000).contains(speed) else { throw ValidationError("--speed is from 0.1 to 1000") }
    }

    func run() async throws {
        let settings = try settings()
        let logger = Surroundings.logger(settings.logs, quiet: settings.logs.level >= .info)
        let script = try DemoScript.load()
        try OutputFolder.require(settings.publishing.output)
        let sandbox = HostedSandbox.configuration(for: settings)
        let port = try demoPort(settings)
        let result = try await HostedSandbox.with(sandbox, logger: logger) { server, address in
            let installation = try await Installation.open(
                settings, sandbox: try .init(address.apiURL), products: script.products, logger: logger)
            let secret = HostedSandbox.webhookSecret(sandbox)
            return try await installation.using {
                try await play($0, script, port: port, secret, refusals: { server.stats.refusals })
            }
        }
        if common.json, let result { printJSON(result) }
    }

    private func printJSON(_ result: some Encodable) { JSONReport.print(result) }

    private func play(
        _ installation: Installation, _ script: DemoScript, port: Int, _ secret: Secret,
        refusals: @escaping @Sendable () -> Int
    ) async throws -> (any Encodable & Sendable)? {
        let outcome = Mutex<(any Encodable & Sendable)?>(nil)
        let listening = Listening()
        var services = Services(installation)
        services.add(
            try PressroomServer.make(installation, webhookSecret: secret, port: port) { listening.announce($0) })
        try services.addWorker(name: "demo", failpoints: FailpointScript.read(Surroundings.environment))
        let play =
            try arena ? livingRoom(installation, listening) : articles(installation, script, refusals, listening)
        services.add(
            DemoService(stays: !exit) {
                let result = try await play()
                outcome.withLock { $0 = result }
            })
        try await services.run()
        return outcome.withLock { $0 }
    }

    private typealias Play = @Sendable () async throws -> any Encodable & Sendable

    private func articles(
        _ installation: Installation, _ script: DemoScript, _ refusals: @escaping @Sendable () -> Int,
        _ listening: Listening
    ) -> Play {
        let run = DemoRun(
            installation: installation, script: script, blogs: blogs,
            screen: common.json ? nil : ProgressScreen(), refusals: refusals)
        return { () async throws -> any Encodable & Sendable in try await run.play(page: listening.address) }
    }

    private func livingRoom(_ installation: Installation, _ listening: Listening) throws -> Play {
        guard let arena = installation.arena else {
            throw CommandError(
                "demo.arena_missing", "Arena is not served here.", hint: "Set ARENA_TOKEN_SECRET.",
                status: .configuration)
        }
        let run = ArenaRun(arena: arena, cast: try ArenaCast.load(), isQuiet: common.json)
        return { [exit] () async throws -> any Encodable & Sendable in
            let result = try await run.play()
            if !exit, let address = await listening.address() {
                run.say("\nThe card of the battle is \(address)/b/\(result.battle)/card.png until you press Ctrl-C.")
            }
            return result
        }
    }

    /// The sandbox always, so that a demo never spends money; the database in the output folder unless one is named.
    private func settings() throws -> Configuration {
        let own = [String: String].flags([
            "OUTPUT": output, "SANDBOX": "on", "SANDBOX_SPEED": speed, "PUBLISHER": publisher.rawValue,
        ])
        let settings = try common.settings(own)
        guard settings.isDefault("DATABASE_URL") else { return settings }
        return try common.settings(
            own.merging(["DATABASE_URL": "sqlite:\(output)/.pressroom/demo.sqlite"]) { $1 })
    }

    private func demoPort(_ settings: Configuration) throws -> Int {
        if let port {
            guard (0...65_535).contains(port) else { throw ValidationError("--port is from 0 to 65535") }
            return port
        }
        return LoopbackPort.isFree(settings.serving.port) ? settings.serving.port : 0
    }
}

extension Configuration {
    /// Whether nobody has said anything about a setting.
    func isDefault(_ name: String) -> Bool {
        report.first { $0.name == name }.map { $0.source == SettingSource.standard.description } ?? true
    }
}

/// The demo among the other services; when it is over, the process leaves or serves on.
private struct DemoService: Service {
    let stays: Bool
    let play: @Sendable () async throws -> Void

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                try await play()
                if stays { try await Surroundings.clock.sleep(for: .seconds(1_000_000_000)) }
            }
        } catch is CancellationError {}
    }
}

/// The page's address, once the server listens.
private final class Listening: Sendable {
    private let stream: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation
    init() { (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }
    func announce(_ address: String) {
        continuation.yield(address)
        continuation.finish()
    }
    @Sendable func address() async -> String? {
        for await address in stream { return address }
        return nil
    }
}

extension PublisherKind: ExpressibleByArgument {}
