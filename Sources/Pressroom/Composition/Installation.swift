import Arena
import Blog
import Database
import Engine
import Foundation
import Logging
import Outbound
import Providers
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
    /// Where a site's posts appear, by its id.
    let publisher: @Sendable (String) async throws -> any Publishers.Publisher
    let upkeep: BlogUpkeep
    let digestSchedule: DigestSchedule
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
            let destinations = SiteDestinations(storage.database)
            // Who only looks needs no key, and may be somebody who must not read it.
            let vault = isBystander ? try? credentialVault(settings, storage) : try credentialVault(settings, storage)
            let app = wixApp(of: providers, SiteCredentials(storage.database, vault: vault))
            let publisher = publisher(for: settings, app: app, destinations: destinations)
            let products = WixProducts(besides: products) { site in
                let destination = try await destinations.destination(of: site)
                guard (destination?.publisher ?? settings.publishing.publisher) == .wix else { return nil }
                return try await app(site)
            }
            var world = BlogGeneration.World(
                database: storage.database, languageModel: providers.languageModel, images: providers.images,
                products: products, wallClock: Surroundings.wallClock, publisher: publisher)
            world.otherAccounts = providers.otherAccounts
            world.photos = providers.photos
            let workflow = BlogGeneration(world: world, settings: blogSettings(settings, providers, address))
            let secret = try isBystander ? nil : arenaSecret(settings, storage, logger: logger)
            let supplies = arenaSupplies(settings, providers, secret: secret)
            let workflows = Arena.workflows(
                supplies, database: storage.database, languageModel: providers.languageModel,
                otherAccounts: providers.otherAccounts)
            var hasWixSites = settings.publishing.publisher == .wix
            if !hasWixSites { hasWixSites = try await destinations.haveWix() }
            var configuration = EngineConfiguration(
                database: storage.database, notifications: storage.notifications, workflows: [workflow] + workflows,
                pools: limits(settings, providers, hasWixSites: hasWixSites).pools() + Arena.pools(supplies),
                random: Surroundings.random, logger: logger)
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
                sites: Blog.Sites(engine: engine, random: Surroundings.random, vault: vault), arena: arena,
                publisher: publisher, upkeep: upkeep,
                digestSchedule: DigestSchedule(engine: engine, supplies: supplies, logger: logger),
                providers: providers, serverAddress: address)
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
        await providers.shutdown()
        await storage.close()
    }

    private static func publisher(
        for settings: Configuration, app: @escaping @Sendable (String) async throws -> WixPublishers?,
        destinations: SiteDestinations
    ) -> @Sendable (String) async throws -> any Publishers.Publisher {
        let folders = FolderPublishers(root: settings.publishing.output, now: Surroundings.wallClock)
        return { site in
            let destination = try await destinations.destination(of: site)
            switch destination?.publisher ?? settings.publishing.publisher {
            case .folder: return folders.publisher(site: site, title: destination?.name)
            case .wix:
                guard let wix = try await app(site) else {
                    throw PublisherError(
                        .unwritable, "No Wix app is configured",
                        hint: "Set WIX_APP_ID and WIX_APP_SECRET, or give the site an app: pressroom sites connect.",
                        retry: .never)
                }
                return wix.publisher(instance: site)
            }
        }
    }

    /// The sandbox's minute is as much shorter as its speed says, and so is our patience with it.
    ///
    /// - Parameter hasWixSites: whether posts go to Wix, at least those of one site.
    private static func limits(
        _ settings: Configuration, _ providers: ProviderConnections, hasWixSites: Bool
    ) -> BlogLimits {
        let textSpeed = providers.usesSandboxForText ? settings.sandbox.speed : 1
        let imageSpeed = providers.usesSandboxForImages ? settings.sandbox.speed : 1
        var limits = BlogLimits()
        limits.modelRequestsPerMinute = Double(settings.languageModel.requestsPerMinute) * textSpeed
        limits.modelTokensPerMinute = Double(settings.languageModel.tokensPerMinute) * textSpeed
        limits.fallback =
            providers.fallbackModel == nil
            ? .retired
            : BlogLimits.Fallback(
                requestsPerMinute: Double(settings.fallbackModel.requestsPerMinute),
                tokensPerMinute: Double(settings.fallbackModel.tokensPerMinute), after: settings.fallbackModel.after)
        limits.imageRequestsPerMinute = Double(settings.images.requestsPerMinute) * imageSpeed
        limits.imageReadsPerMinute *= imageSpeed
        limits.imageConcurrency = settings.images.concurrencyMax
        limits.imagesAreOrdered = settings.images.provider != .openAI
        limits.siteRequestsPerMinute = Double(settings.work.siteRequestsPerMinute)
        // A step on a Wix site makes several calls, and Wix counts each.
        if hasWixSites {
            limits.siteRequestsPerMinute /= WixPublisher.callsPerStep
        }
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
        if providers.usesSandboxForText {
            blog.textProvider = "sandbox"
        } else {
            blog.thoughtTokensMax = settings.languageModelEndpoint.thoughtTokensMax(of:)
        }
        blog.imageProvider = providers.usesSandboxForImages ? "sandbox" : settings.images.provider.rawValue
        blog.paintsImages = providers.images != nil
        blog.paintsAtOnce = settings.images.provider == .openAI
        blog.prices = settings.prices.all
        blog.timeouts.ideas = settings.languageModel.requestTimeout
        blog.timeouts.article = settings.work.articleTimeout
        if blog.paintsAtOnce { blog.timeouts.image = settings.images.openAI.requestTimeout }
        if settings.images.provider == .replicate {
            if providers.usesSandboxForImages { blog.polling.scale(by: 1 / settings.sandbox.speed) }
            // A report that nobody could verify is not asked for, nor one to where Replicate sends none.
            let isReachable = settings.serving.publicURL?.scheme == .https || settings.images.replicate.isElsewhere
            if providers.usesSandboxForImages || (isReachable && settings.images.replicate.webhookSecret != nil) {
                blog.imageWebhook = { job, order in address.webhook(job: job, order: order) ?? "" }
            }
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
