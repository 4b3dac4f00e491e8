import Blog
import Database
import Engine
import Foundation
import Sandbox
import Synchronization

/// What the server process says to those who watch the simulation.
final class ServerState: Sendable {
    private struct State {
        var isReady = false
        var hasSubmittedAll = false
        var failure: String?
        var estimates: [JobID: Outcome.Estimate] = [:]
    }
    private let state = Mutex(State())

    var isReady: Bool { state.withLock { $0.isReady } }
    var hasSubmittedAll: Bool { state.withLock { $0.hasSubmittedAll } }
    /// The first thing that went wrong and should not have.
    var failure: String? { state.withLock { $0.failure } }
    var estimates: [JobID: Outcome.Estimate] { state.withLock { $0.estimates } }

    func becomeReady() { state.withLock { $0.isReady = true } }
    func submittedAll() { state.withLock { $0.hasSubmittedAll = true } }
    func fail(_ message: String) { state.withLock { $0.failure = $0.failure ?? message } }
    func note(_ estimate: Outcome.Estimate, of id: JobID) { state.withLock { $0.estimates[id] = estimate } }
}

/// The process that takes requests and webhooks: Blog's own operations, without HTTP around them.
struct SimulatedServer: Sendable {
    let world: World
    let process: SimulatedProcess
    let state: ServerState

    /// Submissions under way at once.
    private static let submissionsMax = 32

    func run() async throws {
        try await Migrator(world.database, [EngineMigrations.source, BlogMigrations.source]).up()
        let random = RandomSource(Chance(seed: process.seed))
        let engine = try await world.openEngine(for: process, random)
        let generations = BlogGenerations(engine: engine, wallClock: world.wallClock)
        let sites = try await addSites(Blog.Sites(engine: engine, random: random))
        state.becomeReady()
        let begin = process.clock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await takeWebhooks(for: generations) }
            group.addTask { try await submit(to: generations, engine, sites: sites, since: begin) }
            if world.scenario.pausesFirstSite, let first = sites[Scenario.site(0)] {
                group.addTask { try await pause(first, engine, since: begin) }
            }
            try await group.waitForAll()
        }
    }

    private func addSites(_ sites: Blog.Sites) async throws -> [String: Site] {
        let scenario = world.scenario
        let names = scenario.demand.map(\.site) + (0..<scenario.lateSingles).map(Scenario.late)
        var added: [String: Site] = [:]
        for name in names {
            var settings = SiteSettings()
            settings.autoSelect = true
            // Texts as short as may be: what they cost does not depend on it here, and long ones take real time.
            settings.words = 300
            added[name] = try await sites.add(
                instanceID: name, name: name, settings: settings, weight: scenario.weight(of: name))
        }
        return added
    }

    private func submit(
        to generations: BlogGenerations, _ engine: Engine, sites: [String: Site], since begin: VirtualClock.Instant
    ) async throws {
        let scenario = world.scenario
        let wanted = scenario.demand.flatMap { site, blogs in (0..<blogs).map { (site, "\(site) topic \($0)") } }
        let ids = try await inParallel(wanted) { site, topic in
            guard let site = sites[site] else { preconditionFailure("\(site) was added before") }
            return try await generations.submit(GenerationRequest(sourceId: topic), for: site).id
        }
        try await estimate(ids, engine)
        for (index, time) in scenario.lateTimes.enumerated() {
            try await process.clock.sleep(until: begin.advanced(by: time), tolerance: nil)
            guard let site = sites[Scenario.late(index)] else { preconditionFailure("late sites were added before") }
            let id = try await generations.submit(GenerationRequest(sourceId: "late topic \(index)"), for: site).id
            try await estimate([id], engine)
        }
        state.submittedAll()
    }

    private func inParallel<Item: Sendable>(
        _ items: [Item], _ work: @escaping @Sendable (Item) async throws -> JobID
    ) async throws -> [JobID] {
        try await withThrowingTaskGroup(of: JobID.self) { group in
            var ids: [JobID] = []
            for (index, item) in items.enumerated() {
                if index >= Self.submissionsMax, let id = try await group.next() { ids.append(id) }
                group.addTask { try await work(item) }
            }
            for try await id in group { ids.append(id) }
            return ids
        }
    }

    private func estimate(_ ids: [JobID], _ engine: Engine) async throws {
        for start in stride(from: 0, to: ids.count, by: 500) {
            let some = Array(ids[start..<min(start + 500, ids.count)])
            let now = process.clock.now.offset
            for (id, standing) in try await engine.standings(of: some) {
                guard let end = standing.endsIn else { continue }
                state.note(.init(earliest: now + end.lowerBound, latest: now + end.upperBound), of: id)
            }
        }
    }

    /// `POST /webhooks/replicate`, each in its own time.
    private func takeWebhooks(for generations: BlogGenerations) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for await webhook in world.providers.webhooks {
                guard let (job, order) = Self.order(in: webhook.delivery.url) else { continue }
                group.addTask {
                    try await process.clock.sleep(for: .milliseconds(50))
                    try await generations.imageIsReady(job, order: order)
                }
            }
        }
    }

    private static func order(in url: String) -> (job: JobID, order: Int)? {
        guard let items = URLComponents(string: url)?.queryItems,
            let job = items.first(where: { $0.name == "job" })?.value.flatMap(JobID.init(_:)),
            let order = items.first(where: { $0.name == "order" })?.value.flatMap({ Int($0) })
        else { return nil }
        return (job, order)
    }

    private func pause(_ site: Site, _ engine: Engine, since begin: VirtualClock.Instant) async throws {
        try await process.clock.sleep(until: begin.advanced(by: Scenario.pauseFrom), tolerance: nil)
        try await engine.transaction { transaction, _ in try engine.hold(site.tenant, in: transaction) }
        try await process.clock.sleep(until: begin.advanced(by: Scenario.pauseTo), tolerance: nil)
        try await engine.transaction { transaction, wakes in
            try engine.resume(site.tenant, in: transaction, waking: wakes)
        }
    }
}
