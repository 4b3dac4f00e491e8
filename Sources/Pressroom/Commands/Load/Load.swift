import ArgumentParser
import Logging
import Outbound
import ServiceLifecycle
import Synchronization
import UnixSignals

struct Load: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Load real processes and look at them from outside.",
        discussion: """
            Starts servers and workers as processes of their own on loopback, with the sandbox beside them, and reports \
            what the sandbox's log and the servers' answers show. On PostgreSQL it works in a schema of its own, \
            pressroom_load, which it empties first; without a database it takes SQLite, where the one worker lives in \
            the one server.

            Use a release build: .build/release/pressroom load
            """,
        subcommands: [Blogs.self, Arena.self], defaultSubcommand: Blogs.self)

    /// Runs `play` so that Ctrl-C ends the processes that it has started, too.
    static func untilStopped<Result: Sendable>(
        _ logs: Configuration.Logs, _ play: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let result = Mutex<Result?>(nil)
        let service = BackgroundService {
            let played = try await play()
            result.withLock { $0 = played }
        }
        var quiet = Surroundings.logger(logs, quiet: true)
        quiet.logLevel = max(quiet.logLevel, .warning)
        try await ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        ).run()
        guard let played = result.withLock({ $0 }) else { throw CancellationError() }
        return played
    }
}

/// What every load run takes.
struct LoadOptions: ParsableArguments {
    @OptionGroup var common: CommonOptions
    @Option(help: "The database: postgres://… Default: DATABASE_URL, or else SQLite in a temporary folder.")
    var database: String?

    func settings() throws -> Configuration { try common.settings(.flags(["DATABASE_URL": database])) }
}

extension Configuration {
    /// Where PostgreSQL is, if that is the database.
    var postgres: String? {
        if case .postgres(let url, _) = storage.database { url.exposed } else { nil }
    }
}
