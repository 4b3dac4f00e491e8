import Blog
import Engine
import Foundation
import Logging
import Outbound
import Sandbox
import Simulation

/// Sets the stage for a ``Scenario`` (processes and sites) and lets it be played there.
struct LoadScene: Sendable {
    let scenario: Scenario
    let speed: Double
    let connections: Int
    /// False: submissions are only taken in.
    let writes: Bool
    /// Nil for SQLite.
    let postgres: String?
    let logger: Logger

    func play() async throws -> (LoadReport, Outcome?) {
        var sandbox = scenario.sandbox
        sandbox.port = 0
        sandbox.speed = speed
        // Drawing them is not what is measured, and shares the processors with what is.
        sandbox.pictureSide = 64
        let stage = LoadStage(
            sandbox: sandbox, servers: 1, worksItself: writes && postgres == nil, settings: settings,
            postgres: postgres, logger: logger)
        return try await stage.play { try await play(on: $0, calls: $1) }
    }

    private func play(
        on cluster: LoadCluster, calls: @escaping @Sendable () -> [CallRecord]
    ) async throws -> (LoadReport, Outcome?) {
        let keys = try await addSites(environment: cluster.environment)
        if writes, postgres != nil { try cluster.startWorkers(scenario.workers) }
        let way = try LoadConnections(to: cluster.addresses[0], connections: connections + 16, logger: logger)
        let client = LoadClient(connections: way, operatorToken: LoadStage.operatorToken)
        let run = LoadRun(
            scenario: scenario, speed: speed, cluster: cluster, client: client,
            submissions: LoadSubmissions(client: client, keys: keys, connections: connections), calls: calls,
            say: LoadProgress.say)
        do {
            let result = try await writes ? run.play() : (run.submit(), nil)
            await way.close()
            return result
        } catch {
            await way.close()
            throw error
        }
    }

    private var settings: [String: String] {
        var settings = [
            "OPENAI_RPM": "\(scenario.requestsPerMinute)", "OPENAI_TPM": "\(scenario.tokensPerMinute)",
            "SITE_RPM": "\(Int(Double(scenario.siteCallsPerMinute) / Double(scenario.siteCalls) * speed))",
            "QUEUE_SIZE_LIMIT": "\(max(10_000, 2 * scenario.blogs))", "CONCURRENT_BLOGS": "\(scenario.slots)",
        ]
        if let slots = scenario.imageSlots { settings["REPLICATE_CONCURRENCY"] = "\(slots)" }
        return settings
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
