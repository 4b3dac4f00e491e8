import Blog
import Database
import Engine
import Foundation
import Logging
import ProductKit
import Providers
import Publishers
import Synchronization
import TestSupport
import Testing

/// Two sites, a model, a painter and a destination on a database of their own.
struct Newsroom: Sendable {
    let engine: Engine
    let generations: BlogGenerations
    let sites: Sites
    let site: Site
    let other: Site
    let model: FakeModel
    /// What the account answers that stands in for it, where the limits have one; it calls `large` `large-elsewhere`.
    let otherModel: FakeModel
    let images: FakeImages
    let publisher: FakePublisher
    let world: WorldClock
    let firsts = Firsts()

    static func open(
        _ fixture: DatabaseFixture, _ change: (inout BlogGeneration.Settings) -> Void = { _ in },
        limit: Int = 10_000, limits: BlogLimits = .generous, body: (Newsroom) async throws -> Void
    ) async throws {
        var settings = BlogGeneration.Settings(ideasModel: "small", articleModel: "large", imageModel: "painter")
        settings.prices = ModelPrices([
            "small": .init(inputNanodollars: 100, outputNanodollars: 500),
            "large": .init(inputNanodollars: 2_000, outputNanodollars: 10_000),
            "painter": .init(imageNanodollars: 3_000_000),
        ])
        settings.polling.pauses = [.milliseconds(10)]
        settings.polling.patience = .milliseconds(60)
        settings.backoff = Backoff(first: .milliseconds(5), longest: .milliseconds(20))
        settings.defaultPause = .milliseconds(20)
        change(&settings)
        let (model, images, publisher, clock) = (FakeModel(), FakeImages(), FakePublisher(), WorldClock())
        let otherModel = FakeModel()
        let chosen = settings
        try await fixture.withRunningEngine { configuration in
            var world = BlogGeneration.World(
                database: configuration.database, languageModel: model, images: images,
                products: ProductCatalogue(Self.products), wallClock: { clock.now }, publisher: { _ in publisher })
            world.otherAccounts = [
                chosen.pools.fallbackModel: ModelAccount(otherModel, names: ["large": "large-elsewhere"])
            ]
            configuration.workflows = [BlogGeneration(world: world, settings: chosen)]
            configuration.pools = limits.pools()
            configuration.limits.queueSizeMax = limit
        } body: { lent in
            try await Migrator(lent.database, [EngineMigrations.source, BlogMigrations.source]).up()
            let sites = Sites(engine: lent.engine, random: RandomSource(EngineChance(seed: 7)))
            let room = Newsroom(
                engine: lent.engine, generations: BlogGenerations(engine: lent.engine, wallClock: { clock.now }),
                sites: sites, site: try await sites.add(instanceID: "bakery", name: "The Bakery"),
                other: try await sites.add(instanceID: "garden", name: "The Garden"), model: model,
                otherModel: otherModel, images: images, publisher: publisher, world: clock)
            try await body(room)
        }
    }

    static let products = [
        Product(
            id: "basket", title: "Proofing Basket", description: "Holds a loaf.\nWoven.", price: "38 EUR",
            facts: ["Rattan"],
            image: "https://shop.test/basket.png"),
        Product(id: "plain", title: "Plain Thing"),
    ]

    /// Submits a request for the first site.
    func submit(_ change: (inout GenerationRequest) -> Void = { _ in }) async throws -> JobID {
        var request = GenerationRequest(sourceId: "sourdough starter")
        change(&request)
        return try await generations.submit(request, for: site).id
    }

    func find(_ id: JobID) async throws -> GenerationDetail { try await generations.find(id, in: .site(site)) }

    /// Runs a worker while `body` runs, and lets it finish what it has begun.
    func working(failpoints: Failpoints = .none, _ body: () async throws -> Void) async throws {
        var configuration = WorkerConfiguration(name: "test", version: "1")
        configuration.poll = .milliseconds(50)
        let worker = Worker(configuration, engine: engine, clock: ContinuousClock(), failpoints: failpoints)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            try await body()
            worker.drain()
            try await group.waitForAll()
        }
    }

    /// Works until `body` ends, and is then asked to leave at once, in the middle of whatever it does.
    func workingUntilStopped(_ body: () async throws -> Void) async throws {
        var configuration = WorkerConfiguration(name: "leaver", version: "1")
        configuration.poll = .milliseconds(50)
        let worker = Worker(configuration, engine: engine, clock: ContinuousClock())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await worker.run() } catch is CancellationError {}
            }
            try await body()
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    /// Waits until a generation is as wanted; a test that waits 30 s in vain fails with what it saw.
    @discardableResult
    func wait(
        for id: JobID, _ isWanted: (GenerationDetail) -> Bool, at location: SourceLocation = #_sourceLocation
    ) async throws -> GenerationDetail {
        var last = try await find(id)
        for _ in 0..<1_500 where !isWanted(last) {
            try await ContinuousClock().sleep(for: .milliseconds(20))
            last = try await find(id)
        }
        if !isWanted(last) {
            let story = last.timeline.map(\.text).joined(separator: " ")
            Issue.record("still \(last.summary.status): \(story)", sourceLocation: location)
        }
        return last
    }

    @discardableResult
    func wait(
        for id: JobID, _ status: GenerationStatus, at location: SourceLocation = #_sourceLocation
    ) async throws -> GenerationDetail {
        try await wait(for: id, { $0.summary.status == status }, at: location)
    }

    /// One request, worked on to its end.
    func finished(_ change: (inout GenerationRequest) -> Void = { _ in }) async throws -> GenerationDetail {
        let id = try await submit(change)
        try await working { try await wait(for: id) { $0.summary.status.hasEnded } }
        return try await find(id)
    }
}

/// What a test lets happen only once.
final class Firsts: Sendable {
    private let names = Mutex<Set<String>>([])
    func withLock<Result>(_ body: (inout Set<String>) -> Result) -> Result { names.withLock { body(&$0) } }
}

/// The time on the wall, which a test may move.
final class WorldClock: Sendable {
    private let offset = Mutex(0.0)
    var now: Date { Date().addingTimeInterval(offset.withLock { $0 }) }
    func advance(bySeconds seconds: Double) { offset.withLock { $0 += seconds } }
}

extension BlogLimits {
    /// Nothing to wait for.
    static var generous: BlogLimits {
        var limits = BlogLimits()
        limits.modelRequestsPerMinute = 600_000
        limits.modelTokensPerMinute = 600_000_000
        limits.imageRequestsPerMinute = 600_000
        limits.imageReadsPerMinute = 600_000
        limits.siteRequestsPerMinute = 600_000
        return limits
    }
}
