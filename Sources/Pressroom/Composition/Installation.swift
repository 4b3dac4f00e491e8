import Arena
import Blog
import Database
import Engine
import Foundation
import Logging
import Outbound
import Publishers
import Sandbox
import Synchronization

/// One process's parts, put together from its settings: storage, engine, both products and their world.
struct Installation: Sendable {
    let settings: Configuration
    let logger: Logger
    let storage: OpenStorage
    let engine: Engine
    let generations: BlogGenerations
    let sites: Blog.Sites
    /// Nil where its tokens cannot be signed, and for bystanders.
    let arena: Arena?
    let upkeep: BlogUpkeep
    let providers: ProviderConnections
    /// Where this process's own server can be reached, once it listens: image webhooks go there.
    let serverAddress: ServerAddress

    /// - Parameter sandbox: a sandbox's base URL; needed when a provider has no key.
    /// - Parameter isBystander: looks and lends a hand, but neither serves nor works: what the pools allow stays as it is.
    static func open(
        _ settings: Configuration, sandbox: OutboundURL? = nil, products: any ProductSource = ProductCatalogue(),
        isBystander: Bool = false, logger: Logger
    ) async throws -> Installation {
        let storage = try await OpenStorage.openReady(settings.storage, logger: logger)
        let providers = ProviderConnections(settings, sandbox: sandbox, logger: logger)
        do {
            let address = ServerAddress(settings.serving.publicURL.map { _ in settings.publicURL })
            let publisher = publisher(for: settings, siteNames: SiteNames(storage.database))
            let workflow = BlogGeneration(
                world: BlogGeneration.World(
                    database: storage.database, languageModel: providers.languageModel, images: providers.images,
                    products: products, wallClock: Surroundings.wallClock, publisher: publisher),
                settings: blogSettings(settings, providers, address))
            let secret = try isBystander ? nil : arenaSecret(settings, storage, logger: logger)
            let supplies = arenaSupplies(settings, providers, secret: secret)
            let workflows = Arena.workflows(
                supplies, database: storage.database, languageModel: providers.languageModel)
            var configuration = EngineConfiguration(
                database: storage.database, notifications: storage.notifications, workflows: [workflow] + workflows,
                pools: limits(settings, providers).pools(), random: Surroundings.random, logger: logger)
            configuration.limits.queueSizeMax = settings.work.queueSizeMax
            configuration.changesPools = !isBystander
            let engine = try await Engine.open(configuration)
            var upkeep = BlogUpkeep(engine: engine, logger: logger, publisher: publisher)
            upkeep.strayGrace = settings.publishing.strayGrace
            let arena =
                secret == nil
                ? nil : try await Arena(engine: engine, supplies: supplies, clock: Surroundings.clock, logger: logger)
            return Installation(
                settings: settings, logger: logger, storage: storage, engine: engine,
                generations: BlogGenerations(engine: engine, wallClock: Surroundings.wallClock),
                sites: Blog.Sites(engine: engine, random: Surroundings.random), arena: arena,
                upkeep: upkeep, providers: providers, serverAddress: address)
        } catch {
            await close(providers, storage)
            throw error
        }
    }

    /// Hands the installation to `body` and closes it afterwards, however that ends.
    func using<Result: Sendable>(_ body: (Installation) async throws -> Result) async throws -> Result {
        do {
            let result = try await body(self)
            await Self.close(providers, storage)
            return result
        } catch {
            await Self.close(providers, storage)
            throw error
        }
    }

    private static func close(_ providers: ProviderConnections, _ storage: OpenStorage) async {
        try? await providers.transport.shutdown()  // Connections that will not close are closed by the process's end.
        await storage.close()
    }

    private static func publisher(
        for settings: Configuration, siteNames: SiteNames
    ) -> @Sendable (String) async throws -> any Publishers.Publisher {
        let folders = FolderPublishers(root: settings.publishing.output, now: Surroundings.wallClock)
        return { site in folders.publisher(site: site, title: try await siteNames.name(of: site)) }
    }

    /// The sandbox's minute is as much shorter as its speed says, and so is our patience with it.
    private static func limits(_ settings: Configuration, _ providers: ProviderConnections) -> BlogLimits {
        let textSpeed = providers.usesSandboxForText ? settings.sandbox.speed : 1
        let imageSpeed = providers.usesSandboxForImages ? settings.sandbox.speed : 1
        var limits = BlogLimits()
        limits.modelRequestsPerMinute = Double(settings.languageModel.requestsPerMinute) * textSpeed
        limits.modelTokensPerMinute = Double(settings.languageModel.tokensPerMinute) * textSpeed
        limits.imageRequestsPerMinute = Double(settings.images.requestsPerMinute) * imageSpeed
        limits.imageReadsPerMinute *= imageSpeed
        limits.imageConcurrency = settings.images.concurrencyMax
        limits.siteRequestsPerMinute = Double(settings.work.siteRequestsPerMinute)
        limits.tenantConcurrency = settings.work.tenantConcurrencyMax
        return limits
    }

    private static func blogSettings(
        _ settings: Configuration, _ providers: ProviderConnections, _ address: ServerAddress
    ) -> BlogGeneration.Settings {
        var blog = BlogGeneration.Settings(
            ideasModel: settings.languageModel.ideasModel, articleModel: settings.languageModel.articleModel,
            imageModel: settings.images.model)
        blog.isSandbox = providers.isSandbox
        if providers.usesSandboxForText { blog.textProvider = "sandbox" }
        if providers.usesSandboxForImages { blog.imageProvider = "sandbox" }
        blog.prices = ModelPrices(
            settings.prices.models.mapValues {
                ModelPrices.Price(
                    inputNanodollars: $0.inputNanodollars, outputNanodollars: $0.outputNanodollars,
                    imageNanodollars: $0.imageNanodollars)
            })
        blog.timeouts.ideas = settings.languageModel.requestTimeout
        blog.timeouts.article = settings.work.articleTimeout
        if providers.usesSandboxForImages {
            blog.polling.scale(by: 1 / settings.sandbox.speed)
            blog.imageWebhook = { job, order in address.webhook(job: job, order: order) ?? "" }
        }
        if providers.isSandbox { blog.typical.scale(by: 1 / settings.sandbox.speed) }
        return blog
    }
}

/// The base address of this process's server; unknown until it listens.
final class ServerAddress: Sendable {
    private let base: Mutex<String?>
    init(_ known: String?) { base = Mutex(known) }
    var current: String? { base.withLock { $0 } }
    func set(_ address: String) { base.withLock { if $0 == nil { $0 = address } } }
}
