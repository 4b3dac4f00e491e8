import ArgumentParser
import Foundation

/// The command line, the composition root: the only place that reads the environment, the clock and chance.
@main
struct Pressroom: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "pressroom",
        abstract:
            "AI content jobs for many tenants on shared provider quotas: fair, crash-proof, honest about waiting.",
        discussion: """
            Start with `pressroom demo`: it needs no key and no database. `pressroom doctor` shows every setting and \
            checks every connection. Settings come from flags, the environment, pressroom.yaml and defaults, in this \
            order.
            """,
        version: version,
        subcommands: [
            Demo.self, Generate.self, Serve.self, WorkerCommand.self, Migrate.self, SandboxCommand.self, Jobs.self,
            Sites.self, Status.self, Pools.self, Tenants.self, Users.self, Doctor.self, Bench.self, Simulate.self,
            Load.self,
        ])

    /// Parses, runs, and turns whatever goes wrong into a message with a code, a hint and an exit status.
    static func main() async {
        OpenFiles.raiseLimit()
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            let asJSON = CommandLine.arguments.contains("--json")
            guard let report = FailureReport(error) else {
                if asJSON, exitCode(for: error) == .validationFailure {
                    JSONReport.print([
                        "error": [
                            "code": "command.usage", "message": message(for: error),
                            "hint": "Add --help to see what the command takes.",
                        ]
                    ])
                }
                exit(withError: error)
            }
            report.print(asJSON: asJSON)
            Foundation.exit(report.status.rawValue)
        }
    }
}
