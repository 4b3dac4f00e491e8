import Blog
import Database
import DatabaseSQLite
import Engine
import Foundation
import Logging
import Outbound
import Providers
import Publishers
import Synchronization

/// What all simulated processes share: the database, the wake-ups, the providers, the sites; and how one of them is put
/// together, as the command line does for a real one.
struct World: Sendable {
    let scenario: Scenario
    let simulation: Simulation
    let database: InlineHosted<SQLiteConnection>
    let providers: SimulatedProviders
    let sites: SimulatedSites
    let wakeUps = WakeUpLine()
    let workers = WorkerSessions()

    init(_ scenario: Scenario, in simulation: Simulation) throws {
        self.scenario = scenario
        self.simulation = simulation
        // The statement limit is real time, which has no say here.
        database = InlineHosted(
            try SQLiteConnection(
                SQLiteConfiguration(
                    path: SQLiteConfiguration.memory, now: { simulation.wallMilliseconds },
                    statementLimit: .seconds(3600))))
        providers = SimulatedProviders(scenario.sandbox, in: simulation)
        sites = SimulatedSites(callsPerMinute: scenario.siteCallsPerMinute, in: simulation)
    }

    /// One process's engine, as its composition root makes it.
    func openEngine(for process: SimulatedProcess, _ random: RandomSource) async throws -> Engine {
        let database = SimulatedDatabase(
            shared: database, process: process, random: random, line: DatabaseLine())
        let wallClock = wallClock
        let transport = SimulatedTransport(providers: providers, process: process, random: random)
        let address = try OutboundURL(SimulatedProviders.baseURL + "/v1")
        let images = ReplicateClient(
            settings: ReplicateClient.Settings(
                baseURL: address, key: Secret("simulated"), model: ReplicateModel("black-forest-labs/flux-schnell")),
            transport: transport, now: wallClock)
        let blog = BlogGeneration(
            world: BlogGeneration.World(
                database: database,
                languageModel: OpenAIClient(
                    endpoint: OpenAIEndpoint(baseURL: address, key: Secret("simulated")), transport: transport,
                    now: wallClock),
                images: images, wallClock: wallClock
            ) { [sites, scenario] site in
                SimulatedPublisher(
                    sites: sites, site: site, callsPerDraft: scenario.siteCalls, process: process, random: random)
            }, settings: settings)
        var configuration = EngineConfiguration(
            database: database,
            notifications: SimulatedNotifications(line: wakeUps, process: process, random: random),
            workflows: [blog], pools: limits.pools(), random: random,
            logger: process.logger(isShown: scenario.showsLog))
        configuration.limits.queueSizeMax = max(10_000, 2 * scenario.blogs)
        configuration.livingWorkers = { [workers] in workers.living }
        return try await Engine.open(configuration)
    }

    var wallClock: @Sendable () -> Date {
        { [simulation] in Date(timeIntervalSince1970: simulation.wallMilliseconds / 1000) }
    }

    private var settings: BlogGeneration.Settings {
        var settings = BlogGeneration.Settings(
            ideasModel: "gpt-6-luna", articleModel: "gpt-6.1-sol", imageModel: "black-forest-labs/flux-schnell")
        settings.isSandbox = true
        // Pictures are reported by webhook and take a minute at most; questions are for those whose report is lost.
        settings.polling.pauses = [.seconds(65), .seconds(20)]
        settings.imageWebhook = { job, order in "http://pressroom.invalid/webhooks/replicate?job=\(job)&order=\(order)"
        }
        return settings
    }

    private var limits: BlogLimits {
        var limits = BlogLimits()
        limits.modelRequestsPerMinute = Double(scenario.requestsPerMinute)
        limits.modelTokensPerMinute = Double(scenario.tokensPerMinute)
        limits.imageConcurrency = scenario.imageSlots
        // A lane's rate counts steps, and a draft is one step of several calls.
        limits.siteRequestsPerMinute = Double(scenario.siteCallsPerMinute) / Double(scenario.siteCalls)
        limits.siteBurst = max(1, limits.siteBurst / Double(scenario.siteCalls))
        return limits
    }
}

/// The workers' sessions with the database server, which end when their process does.
final class WorkerSessions: Sendable {
    private let processes = Mutex<[Incarnation: SimulatedProcess]>([:])

    func begin(_ incarnation: Incarnation, _ process: SimulatedProcess) {
        processes.withLock { $0[incarnation] = process }
    }

    var living: Set<Incarnation> { processes.withLock { Set($0.filter { $0.value.isAlive }.keys) } }
}
