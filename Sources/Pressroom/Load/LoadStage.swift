import Foundation
import Logging
import Outbound
import Sandbox

/// What a load run stands on: a folder, an empty database, the sandbox, and servers that know both. Taken away afterwards.
struct LoadStage: Sendable {
    let sandbox: SandboxConfiguration
    let servers: Int
    /// The servers have workers inside.
    let worksItself: Bool
    /// What the processes are told beside where they find each other.
    let settings: [String: String]
    /// Nil for SQLite.
    let postgres: String?
    let logger: Logger

    /// Opens everything to whoever runs the load.
    static let operatorToken = Secret("operator-of-this-load-run")

    /// - Parameter body: gets the running servers, and the sandbox's log as it is whenever it is asked for.
    func play<Result: Sendable>(
        _ body: @Sendable (LoadCluster, @escaping @Sendable () -> [CallRecord]) async throws -> Result
    ) async throws -> Result {
        let folder = URL(filePath: NSTemporaryDirectory()).appending(path: "pressroom-load-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // It is the system's temporary folder.
        let database = try await LoadDatabase.prepare(postgres, in: folder)
        return try await HostedSandbox.with(sandbox, logger: logger) { server, address in
            let cluster = try await LoadCluster(
                in: folder, environment: environment(database: database, sandbox: address.url, folder),
                servers: servers, worksItself: worksItself)
            do {
                let result = try await body(cluster) { server.calls(limit: .max) }
                await cluster.end()
                return result
            } catch {
                await cluster.end()
                throw error
            }
        }
    }

    /// Everything that a process is told. Limits are told as in life; the sandbox's speed makes them faster.
    private func environment(database: String, sandbox address: String, _ folder: URL) -> [String: String] {
        let inherited = Surroundings.environment.filter { name, _ in
            ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "PRESSROOM_ALLOW_WEAK_DURABILITY"].contains(name)
                || name.hasPrefix("PG")
        }
        let own = [
            "DATABASE_URL": database, "SANDBOX": "on", "SANDBOX_URL": address, "SANDBOX_SPEED": "\(sandbox.speed)",
            "OPENAI_RPM": "\(sandbox.requestsPerMinute)", "OPENAI_TPM": "\(sandbox.tokensPerMinute)",
            "REPLICATE_RPM": "\(sandbox.imageRequestsPerMinute)", "ADMIN_TOKEN": Self.operatorToken.exposed,
            "OUTPUT": folder.appending(path: "output").path, "LOG_LEVEL": "warning", "DB_POOL_MAX": "20",
            "DB_POOL_MIN": "4",
        ]
        return inherited.merging(own) { $1 }.merging(settings) { $1 }
    }
}
