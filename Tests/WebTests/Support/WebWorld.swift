import Blog
import Database
import Engine
import Foundation
import Hummingbird
import HummingbirdTesting
import Limits
import Logging
import Outbound
import Publishers
import ServiceLifecycle
import TestSupport

@testable import Web

/// A server with two sites and their keys on a database of its own; nothing works off the queue unless a test says so.
struct WebWorld: Sendable {
    let engine: Engine
    let generations: BlogGenerations
    let sites: Sites
    let bakery: Site
    let toys: Site
    let bakeryKey: String
    let toysKey: String
    let configuration: WebConfiguration
    let server: WebServer

    static let operatorToken = "operator-token-of-the-tests"

    /// - Parameter configure: changes the configuration, whose pages are open, and the engine's limits.
    static func with(
        model: StubModel = StubModel(),
        configure: (inout WebConfiguration, inout EngineLimits) -> Void = { _, _ in },
        _ body: (WebWorld) async throws -> Void
    ) async throws {
        try await DatabaseFixture.sqlite.withDatabase(
            EngineMigrations.source, BlogMigrations.source, LimitMigrations.source
        ) { database in
            var configuration = WebConfiguration()
            configuration.port = 0
            configuration.pages = .open
            configuration.operatorToken = Secret(operatorToken)
            var limits = EngineLimits()
            configure(&configuration, &limits)
            try await body(make(database, model, configuration, limits))
        }
    }

    private static func make(
        _ database: any Database, _ model: StubModel, _ configuration: WebConfiguration, _ limits: EngineLimits
    ) async throws -> WebWorld {
        var logger = Logger(label: "web-tests")
        logger.logLevel = .error
        let random = RandomSource(SystemRandomNumberGenerator())
        var settings = BlogGeneration.Settings(ideasModel: "small", articleModel: "large", imageModel: "none")
        settings.paintsImages = false
        let workflow = BlogGeneration(
            world: BlogGeneration.World(
                database: database, languageModel: model, images: nil, wallClock: { Date() },
                publisher: { _ in StubPublisher() }), settings: settings)
        var engineConfiguration = EngineConfiguration(
            database: database, notifications: LocalNotifications(), workflows: [workflow],
            pools: BlogLimits().pools(), random: random, logger: logger)
        engineConfiguration.limits = limits
        let engine = try await Engine.open(engineConfiguration)
        let generations = BlogGenerations(engine: engine, wallClock: { Date() })
        let sites = Sites(
            engine: engine, random: random,
            vault: CredentialVault(keys: Data(repeating: 1, count: CredentialVault.keyBytes).base64EncodedString()))
        let bakery = try await sites.add(instanceID: "bakery", name: "Crumb & Crust")
        let toys = try await sites.add(instanceID: "toys", name: "Wooden Toys")
        return WebWorld(
            engine: engine, generations: generations, sites: sites, bakery: bakery, toys: toys,
            bakeryKey: try await sites.issueKey(for: bakery).key, toysKey: try await sites.issueKey(for: toys).key,
            configuration: configuration,
            server: try WebServer(
                configuration: configuration, generations: generations, sites: sites, engine: engine,
                timing: Timing(clock: ContinuousClock(), now: { Date() }), random: random, logger: logger))
    }

    /// Calls the routes without a socket.
    func test(_ body: @Sendable @escaping (Browser) async throws -> Void) async throws {
        let world = self
        try await server.surface.application(onListening: { _ in }).test(.router) { client in
            try await body(Browser(client: client, world: world))
        }
    }

    /// Calls the routes over a socket.
    func testLive(_ body: @Sendable @escaping (Browser) async throws -> Void) async throws {
        let world = self
        try await withThrowingTaskGroup { group in
            for service in server.surface.services { group.addTask { try await service.run() } }
            try await server.surface.application(onListening: { _ in }).test(.live) { client in
                try await body(Browser(client: client, world: world))
            }
            group.cancelAll()
        }
    }

    /// Works off the queue while `body` runs.
    func working(_ body: () async throws -> Void) async throws {
        let worker = Worker(WorkerConfiguration(name: "tests", version: "0"), engine: engine, clock: ContinuousClock())
        try await withThrowingTaskGroup { group in
            group.addTask { try await worker.run() }
            try await body()
            worker.drain()
            try await group.waitForAll()
        }
    }

    func submit(_ keyword: String, autoSelect: Bool = false, for site: Site? = nil) async throws -> JobID {
        var request = GenerationRequest(sourceId: keyword)
        request.autoSelect = autoSelect
        return try await generations.submit(request, for: site ?? bakery).id
    }

    /// Waits, at most ten seconds, until a generation is in one of these states.
    @discardableResult
    func wait(for id: JobID, in statuses: GenerationStatus...) async throws -> GenerationSummary {
        for _ in 0..<500 {
            let summary = try await generations.find(id, in: .allSites).summary
            if statuses.contains(summary.status), !summary.ideasPending { return summary }
            if summary.status.hasEnded { throw Waited(status: summary.status, error: summary.error?.message) }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw Waited(status: try await generations.find(id, in: .allSites).summary.status, error: "too long")
    }

    struct Waited: Error {
        let status: GenerationStatus
        let error: String?
    }
}

extension WebWorld {
    /// Runs the server as production does, on a port of its own, and shuts it down in order afterwards.
    func serve(_ body: @Sendable @escaping (_ port: Int) async throws -> Void) async throws {
        try await serveCounting { port, _ in try await body(port) }
    }

    /// Like ``serve(_:)``, and lends a look at how many streams are open.
    func serveCounting(_ body: @Sendable @escaping (Int, @Sendable @escaping () -> Int) async throws -> Void)
        async throws
    {
        let (ports, port) = AsyncStream<Int>.makeStream()
        let server = try WebServer(
            configuration: configuration, generations: generations, sites: sites, engine: engine,
            timing: server.surface.timing, random: server.surface.random, logger: server.surface.logger,
            onListening: { port.yield($0) })
        let feed = server.surface.feed
        let group = ServiceGroup(configuration: .init(services: [server], logger: server.surface.logger))
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            for await port in ports {
                try await body(port) { feed.listenerCount }
                break
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
