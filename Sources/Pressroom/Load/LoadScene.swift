import Blog
import Engine
import Foundation
import Logging
import Outbound
import Sandbox
import Simulation

/// Puts up what a load run needs (folder, database, sandbox, processes, sites) and takes it away afterwards.
struct LoadScene: Sendable {
    let scenario: Scenario
    let speed: Double
    let connections: Int
    /// False: submissions are only taken in.
    let writes: Bool
    /// Nil for SQLite.
    let postgres: String?
    let logger: Logger

    private let operatorToken = Secret("operator-of-this-load-run")

    func play() async throws -> (LoadReport, Outcome?) {
        let folder = URL(filePath: NSTemporaryDirectory()).appending(path: "pressroom-load-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // It is the system's temporary folder.
        let database = try await LoadDatabase.prepare(postgres, in: folder)
        var sandbox = scenario.sandbox
        sandbox.port = 0
        sandbox.speed = speed
        // Drawing them is not what is measured, and shares the processors with what is.
        sandbox.pictureSide = 64
        return try await HostedSandbox.with(sandbox, logger: logger) { server, address in
            let environment = environment(database: database, sandbox: address.url, folder)
            let cluster = try await LoadCluster(
                in: folder, environment: environment, worksItself: writes && postgres == nil)
            do {
                let result = try await play(on: cluster, environment: environment) {
                    server.calls(limit: .max)
                }
                await cluster.end()
                return result
            } catch {
                await cluster.end()
                throw error
            }
        }
    }

    private func play(
        on cluster: LoadCluster, environment: [String: String], calls: @escaping @Sendable () -> [CallRecord]
    ) async throws -> (LoadReport, Outcome?) {
        let keys = try await addSites(environment: environment)
        if writes, postgres != nil { try cluster.startWorkers(scenario.workers) }
        let client = try LoadClient(
            cluster.address, operatorToken: operatorToken, connections: connections + 16, logger: logger)
        let run = LoadRun(
            scenario: scenario, speed: speed, cluster: cluster, client: client,
            submissions: LoadSubmissions(client: client, keys: keys, connections: connections), calls: calls
        ) { FileHandle.standardError.write(Data("load: \($0)\n".utf8)) }
        do {
            let result = try await writes ? run.play() : (run.submit(), nil)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }

    /// Everything that a process is told. Limits are told as in life; the sandbox's speed makes them faster.
    private func environment(database: String, sandbox: String, _ folder: URL) -> [String: String] {
        var environment = Surroundings.environment.filter { name, _ in
            ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "PRESSROOM_ALLOW_WEAK_DURABILITY"].contains(name)
                || name.hasPrefix("PG")
        }
        let own = [
            "DATABASE_URL": database, "SANDBOX": "on", "SANDBOX_URL": sandbox, "SANDBOX_SPEED": "\(speed)",
            "OPENAI_RPM": "\(scenario.requestsPerMinute)", "OPENAI_TPM": "\(scenario.tokensPerMinute)",
            "REPLICATE_RPM": "\(scenario.sandbox.imageRequestsPerMinute)",
            "SITE_RPM": "\(Int(Double(scenario.siteCallsPerMinute) / Double(scenario.siteCalls) * speed))",
            "QUEUE_SIZE_LIMIT": "\(max(10_000, 2 * scenario.blogs))", "CONCURRENT_BLOGS": "\(scenario.slots)",
            "ADMIN_TOKEN": operatorToken.exposed, "OUTPUT": folder.appending(path: "output").path,
            "LOG_LEVEL": "warning", "DB_POOL_MAX": "20", "DB_POOL_MIN": "4",
        ]
        environment.merge(own) { $1 }
        if let slots = scenario.imageSlots { environment["REPLICATE_CONCURRENCY"] = "\(slots)" }
        return environment
    }

    /// - Returns: a key for each site.
    private func addSites(environment: [String: String]) async throws -> [String: Secret] {
        let settings = try Configuration.load(flags: [:], file: nil, environment: environment)
        let installation = try await Installation.open(
            settings, sandbox: try OutboundURL("http://127.0.0.1:1"), isBystander: true, logger: logger)
        let names =
            scenario.demand.map(\.site) + scenario.lateTimes.indices.map(Scenario.late)
            + (0..<LoadRun.idleBlogs).map(LoadRun.idleSite)
        return try await installation.using { installation in
            var keys: [String: Secret] = [:]
            for name in names {
                var site = SiteSettings()
                site.autoSelect = true
                // What texts cost does not depend on their length here, and long ones take a processor's time.
                site.words = 300
                let added = try await installation.sites.add(
                    instanceID: name, name: name, settings: site, weight: scenario.weight(of: name))
                keys[name] = Secret(try await installation.sites.issueKey(for: added).key)
            }
            return keys
        }
    }
}
