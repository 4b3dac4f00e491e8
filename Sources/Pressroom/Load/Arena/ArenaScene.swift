import Logging
import Sandbox

/// Sets the stage for an ``ArenaLoad`` (processes and people) and lets it be played there.
struct ArenaScene: Sendable {
    let plan: ArenaLoad
    /// Nil for SQLite.
    let postgres: String?
    let logger: Logger

    /// Calls to one server under way at once; the rest waits.
    private static let connections = 256

    func play() async throws -> ArenaLoadReport {
        var sandbox = SandboxConfiguration()
        sandbox.port = 0
        sandbox.speed = plan.speed
        let stage = LoadStage(
            sandbox: sandbox, servers: plan.servers, worksItself: postgres == nil, settings: settings,
            postgres: postgres, logger: logger)
        return try await stage.play { try await play(on: $0, calls: $1) }
    }

    private func play(
        on cluster: LoadCluster, calls: @escaping @Sendable () -> [CallRecord]
    ) async throws -> ArenaLoadReport {
        if postgres != nil { try cluster.startWorkers(plan.workers) }
        let ways = try cluster.addresses.map {
            try LoadConnections(to: $0, connections: Self.connections, logger: logger)
        }
        do {
            let client = ArenaClient(ways)
            let report = try await cluster.watching {
                LoadProgress.say("\(plan.personas) personas, \(plan.posts) posts and a battle")
                let crowd = try await ArenaCrowd.gather(for: plan, by: client)
                return try await ArenaLoadRun(plan: plan, crowd: crowd, cluster: cluster, client: client, calls: calls)
                    .play()
            }
            for way in ways { await way.close() }
            return report
        } catch {
            for way in ways { await way.close() }
            throw error
        }
    }

    private var settings: [String: String] {
        let own = [
            "ARENA_TOKEN_SECRET": "secret-of-this-load-run-and-no-other",
            // Nobody runs out of replies for a day, nor the queue of places.
            "DEFAULT_REPLY_QUOTA": "10000",
            "QUEUE_SIZE_LIMIT": "\(max(10_000, 2 * plan.posts * plan.personas))",
        ]
        return own.merging(ArenaClient.settings) { $1 }
    }
}
