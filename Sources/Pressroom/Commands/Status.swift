import ArgumentParser
import Engine
import Foundation

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What the whole cluster is doing: queue, workers, what jobs wait for.",
        subcommands: [Overview.self, Shares.self, Quotas.self], defaultSubcommand: Overview.self)

    struct Overview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "all", abstract: "Queue, workers and what jobs wait for.")
        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await Jobs.with(common) { installation in
                let report = try await OverviewReport(installation.engine)
                if common.json { JSONReport.print(report) } else { TextReport.print(report.text) }
            }
        }
    }

    struct Shares: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "tenants",
            abstract: "What each tenant was given in the last ten minutes, beside its fair share.",
            discussion: """
                SERVED is a tenant's part of what all were given, by the pool it used most of; FAIR is its weight's part \
                among those with work. A tenant below FAIR with jobs in its queue is held back by something else: \
                `pressroom jobs why ID` says by what. `pressroom tenants` changes weight and cap, pauses and resumes.
                """)
        @OptionGroup var common: CommonOptions
        @Option(help: "At most this many, 1 to 1000.") var limit = 50

        func validate() throws {
            guard (1...1000).contains(limit) else { throw ValidationError("--limit is from 1 to 1000") }
        }

        func run() async throws {
            try await Jobs.with(common) { installation in
                let shares = try await installation.engine.tenantShares(limit: limit).map(TenantReport.init)
                if common.json { return JSONReport.print(["tenants": shares]) }
                guard !shares.isEmpty else { return TextReport.print("No tenant has work, or had any lately.") }
                let header = ["TENANT", "QUEUED", "RUNNING", "STEPS", "SERVED", "FAIR", "WEIGHT", "CAP", "STATE"]
                TextReport.print(TextReport.table([header] + shares.map(\.cells)))
            }
        }
    }
}

/// The state of the cluster, as JSON or as text.
private struct OverviewReport: Encodable {
    struct WorkerLine: Encodable {
        let name: String
        let version: String
        let running: Int
        let slots: Int
    }
    let queueSize: Int
    let queueLimit: Int
    let estimatedWaitSeconds: Int
    let longestWaitSeconds: Int?
    let waiting: [String: Int]
    let workers: [WorkerLine]

    init(_ engine: Engine) async throws {
        let admission = try await engine.admission()
        queueSize = admission.queueSize
        queueLimit = admission.limit
        estimatedWaitSeconds = Int((admission.estimatedWait / .seconds(1)).rounded())
        longestWaitSeconds = try await engine.longestWait().map { Int(($0 / .seconds(1)).rounded()) }
        waiting = Dictionary(
            uniqueKeysWithValues: try await engine.waitingCounts().map { ($0.key.rawValue, $0.value) })
        workers = try await engine.workers().map {
            WorkerLine(name: $0.name, version: $0.version, running: $0.running, slots: $0.slots)
        }
    }

    var text: String {
        var lines = ["queue    \(queueSize) of \(queueLimit), begun in about \(estimatedWaitSeconds) s"]
        if let longestWaitSeconds { lines.append("longest  \(longestWaitSeconds) s for whoever is next in a lane") }
        let reasons = waiting.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        lines += reasons.enumerated().map { index, entry in
            "\(index == 0 ? "waiting  " : "         ")\(entry.value) \(entry.key)"
        }
        if workers.isEmpty { return (lines + ["workers  none: start `pressroom worker`"]).joined(separator: "\n") }
        let rows = workers.map { [$0.name, $0.version, "\($0.running) of \($0.slots)"] }
        return (lines + ["", TextReport.table([["WORKER", "VERSION", "RUNNING"]] + rows)]).joined(separator: "\n")
    }
}

private struct TenantReport: Encodable {
    let name: String
    let queued: Int
    let running: Int
    let steps: Int
    let served: Double
    let fair: Double
    let weight: Double
    let cap: Int?
    let isPaused: Bool

    init(_ share: TenantShare) {
        name = share.tenant.name
        queued = share.queued
        running = share.running
        steps = share.steps
        served = share.served
        fair = share.fair
        weight = share.tenant.weight
        cap = share.tenant.cap
        isPaused = share.tenant.isHeld
    }

    var cells: [String] {
        [
            name, "\(queued)", "\(running)", "\(steps)", Self.percent(served), Self.percent(fair),
            weight.formatted(), cap.map(String.init) ?? "–", isPaused ? "paused" : "open",
        ]
    }

    private static func percent(_ part: Double) -> String {
        part.formatted(.percent.precision(.fractionLength(1)).locale(Locale(identifier: "en_US_POSIX")))
    }
}
