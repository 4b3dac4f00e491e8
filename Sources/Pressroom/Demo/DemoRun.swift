import Blog
import Engine
import Foundation

/// What the demo answers with `--json`.
struct DemoResult: Encodable, Sendable {
    let blogs: Int
    let done: Int
    let failed: Int
    let seconds: Double
    let refusals: Int
    /// The folder of the articles, or the address of the simulated sites.
    let output: String
}

/// One play of the demo: submits, follows, reports.
///
/// Every request carries an idempotency key of its play, so that a demo that was killed and is started again goes on with
/// what it had submitted, and submits only what is missing.
struct DemoRun: Sendable {
    let installation: Installation
    let script: DemoScript
    let blogs: Int
    let screen: ProgressScreen?
    let refusals: @Sendable () -> Int

    static let look = Duration.milliseconds(250)

    func play(page address: () async -> String?) async throws -> DemoResult {
        let began = Surroundings.clock.now
        let play = try DemoPlay.begin(in: installation.settings.publishing.output, blogs: blogs)
        if let address = await address() {
            screen?.head(page: address, articles: play.blogs, isResumed: play.isResumed)
        }
        let ids = try await submit(play)
        let summaries = try await follow(ids)
        try play.end()
        let result = DemoResult(
            blogs: summaries.count, done: summaries.count { $0.status == .done },
            failed: summaries.count { $0.status == .failed || $0.status == .cancelled },
            seconds: Self.seconds(since: began), refusals: refusals(),
            output: installation.providers.simulatedWix.map { "\($0)/sites" }
                ?? installation.settings.publishing.output)
        screen?.end(
            result, page: installation.serverAddress.current,
            database: installation.storage.sqlitePath.map { "sqlite:\($0)" },
            sites: installation.providers.simulatedWix.map { base in
                script.sites.map { "\(base)/sites/\($0.id)" }
            })
        return result
    }

    /// With two decimals.
    static func seconds(since began: ContinuousClock.Instant) -> Double {
        ((Surroundings.clock.now - began) / .seconds(1) * 100).rounded() / 100
    }

    private func submit(_ play: DemoPlay) async throws -> [JobID] {
        var sites: [String: Site] = [:]
        for site in script.sites {
            sites[site.id] = try await installation.sites.ensure(
                instanceID: site.id, name: site.name, settings: site.settings)
        }
        var ids: [JobID] = []
        for number in 0..<play.blogs {
            let entry = script.requests[number % script.requests.count]
            guard let site = sites[entry.site] else {
                throw CommandError("demo.examples_unreadable", "No site is named \(entry.site).", status: .data)
            }
            ids.append(
                try await installation.generations.submit(
                    entry.request, for: site, idempotencyKey: play.key(number)
                ).id)
        }
        return ids
    }

    private func follow(_ ids: [JobID]) async throws -> [GenerationSummary] {
        while true {
            let summaries = try await installation.generations.summaries(of: ids, in: .allSites)
            screen?.show(summaries)
            if summaries.count == ids.count, summaries.allSatisfy(\.status.hasEnded) { return summaries }
            try await Surroundings.clock.sleep(for: Self.look)
        }
    }
}
