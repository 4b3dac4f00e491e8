import ArgumentParser
import Foundation
import Logging

struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Run a worker without a server.",
        discussion: """
            On PostgreSQL run as many as you like, on as many machines: the quota is one for all of them. On SQLite one \
            process runs the workers, so this one is refused while a server's own worker runs.
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "The worker's name in lists. Default: the host's.") var name: String?
    @Option(help: "The folder for articles. Default: output, or OUTPUT.") var output: String?

    func run() async throws {
        let settings = try common.settings(.flags(["OUTPUT": output]))
        let logger = Surroundings.logger(settings.logs)
        try OutputFolder.require(settings.publishing.output)
        try await WithProviders.run(settings, logger: logger) { sandbox, _ in
            let installation = try await Installation.openWhenReachable(
                settings, sandbox: sandbox, products: try ProductFiles.catalogue(), logger: logger)
            try await installation.using {
                var services = Services($0)
                try services.addWorker(
                    name: name ?? ProcessInfo.processInfo.hostName,
                    failpoints: FailpointScript.read(Surroundings.environment))
                try await services.run()
            }
        }
    }
}
