import Arena
import Blog
import Database
import Engine
import Foundation
import Hummingbird
import HummingbirdCore
import Limits
import Logging
import NIOCore
import Outbound
import Providers
import ServiceLifecycle

/// Everything the server answers, put together; nothing here listens yet.
struct WebSurface: Sendable {
    let configuration: WebConfiguration
    let timing: Timing
    let random: RandomSource
    let logger: Logger
    let draining = Draining()
    let registry: PrometheusRegistry
    let feed: EventFeed
    /// Must be brought up to date once before the server listens: it counts from then on.
    let tally: EventTally
    private let engine: Engine
    private let generations: BlogGenerations
    private let sites: Sites
    /// Nil when the second product is not served.
    private let arena: Arena?
    private let renderer: PageRenderer
    private let guardian: PageGuard
    private let authentication: Authentication
    private let signature: WebhookSignature?
    private let edgeLimits: EdgeLimits

    /// - Throws: ``WebhookError/badSecret`` for a webhook secret that is none.
    init(
        configuration: WebConfiguration, generations: BlogGenerations, sites: Sites, arena: Arena?, engine: Engine,
        timing: Timing,
        random: RandomSource, registry: PrometheusRegistry, logger: Logger
    ) throws {
        self.configuration = configuration
        self.timing = timing
        self.random = random
        self.logger = logger
        self.registry = registry
        self.engine = engine
        self.arena = arena
        self.generations = generations
        self.sites = sites
        feed = EventFeed(engine: engine, timing: timing, limits: configuration.limits, logger: logger)
        tally = EventTally(engine: engine, factory: registry)
        let token = configuration.operatorToken.map { OperatorToken($0.exposed) }
        renderer = try PageRenderer(
            isSandbox: configuration.showsSandboxContent, canSignOut: configuration.pages == .operatorOnly)
        guardian = PageGuard(
            access: configuration.pages, token: token, timing: timing, hosts: configuration.hostNames,
            isSecure: configuration.publicURL?.hasPrefix("https://") ?? false)
        authentication = Authentication(
            sites: sites, operatorToken: token, wix: configuration.wixInstance, timing: timing)
        signature = try configuration.webhookSecret.map { try WebhookSignature(secret: $0) }
        edgeLimits = EdgeLimits(
            limiter: RateLimiter(database: engine.database, clock: timing.clock, logger: logger),
            addresses: ClientAddresses(trusting: configuration.trustedProxies), exempt: configuration.exemptNetworks,
            metrics: registry)
    }

    var services: [any Service] {
        [feed, SubmissionIntake(generations: generations, sites: sites), LimitService(limiter: edgeLimits.limiter)]
    }

    func responder() -> EdgeResponder {
        let renderer = renderer
        return EdgeResponder(
            router: RouteTable(
                [RouteGroup(probes + api + pages), RouteGroup(open, limits: [limit(.byAddress())])] + arenaGroups
            ).responder(), limits: configuration.limits, timing: timing,
            headers: SecurityHeaders(frameAncestors: configuration.frameAncestors), draining: draining,
            traces: TraceSource(random: random), requests: RequestMetrics(factory: registry),
            log: AccessLog(logger: logger),
            errorPage: { problem, path in
                problem.code == Problem.signInNeeded.code ? SignInPage.redirect(from: path) : renderer.problem(problem)
            })
    }

    func application(onListening: @escaping @Sendable (any NIOCore.Channel) async -> Void) -> some ApplicationProtocol {
        var quiet = logger
        quiet.logLevel = max(.notice, logger.logLevel)
        let limits = configuration.limits
        return Application(
            responder: responder(),
            server: .http1(configuration: .init(idleTimeout: TimeAmount(limits.idleTimeout))),
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port), backlog: 4_096,
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connectionsMax)),
            onServerRunning: onListening, logger: quiet)
    }

    /// What programs can ask for, such as `GET /health`: the pages are for people.
    var operations: [String] { RouteTable([RouteGroup(probes + api)] + arenaGroups).operations }

    private var probes: [any Route] {
        let readings = EngineReadings(engine: engine, timing: timing)
        let pools = configuration.providerPools
        return [
            Health(readings: readings, timing: timing),
            MetricsPage(
                registry: registry, readings: readings, tally: tally, feed: feed, pools: pools,
                database: engine.database as? any PooledDatabase, modelDaysLeft: configuration.modelDaysLeft),
            ModelLimiterStats(readings: readings, pools: pools), ImageLimiterStats(readings: readings, pools: pools),
            ApiDocument(servesArena: arena != nil),
        ]
    }

    private var api: [any Route] {
        let stream = EventStream(feed: feed)
        return [
            GenerationList(generations: generations, authentication: authentication, timing: timing),
            GenerationItem(generations: generations, authentication: authentication),
            GenerationEvents(generations: generations, authentication: authentication, stream: stream),
            IdeaSelection(generations: generations, authentication: authentication),
            IdeaRegeneration(generations: generations, authentication: authentication),
            GenerationCancellation(generations: generations, authentication: authentication),
            GenerationRetry(generations: generations, authentication: authentication),
            SiteSettingsItem(sites: sites, authentication: authentication),
            SiteCredentialsItem(sites: sites, authentication: authentication),
            ReplicateWebhook(generations: generations, signature: signature, timing: timing),
            WixWebhook(sites: sites, webhooks: configuration.wixWebhooks, timing: timing),
        ]
    }

    private var pages: [any Route] {
        let stream = EventStream(feed: feed)
        let kit = PageKit(
            generations: generations, sites: sites, guardian: guardian, renderer: renderer,
            output: OutputLinks(folder: configuration.outputFolder), timing: timing)
        return [
            ListPage(kit: kit), ListEvents(guardian: guardian, stream: stream, timing: timing),
            GenerationPageRoute(kit: kit), GenerationChanges(kit: kit, stream: stream), GenerationImage(kit: kit),
            SelectButton(kit: kit), RegenerateButton(kit: kit), CancelButton(kit: kit), RetryButton(kit: kit),
            NewRequestPage(kit: kit, random: random),
            SignOut(guardian: guardian), Assets(), Favicon(),
            OutputFiles(folder: configuration.outputFolder, guardian: guardian, files: FileIO()),
        ]
    }

    /// What anybody may ask for, without a key and without having signed in.
    private var open: [any Route] {
        [SignInPage(guardian: guardian, renderer: renderer, attempts: SignInAttempts())]
    }

    private var arenaGroups: [RouteGroup] {
        arena.map { arena in
            ArenaRoutes(of: arena, addresses: edgeLimits.addresses, publicURL: configuration.publicURL).groups(limit)
        } ?? []
    }

    private func limit(_ rule: LimitRule) -> RateLimit {
        RateLimit(limits: edgeLimits, rule: rule, bounds: configuration.limits)
    }
}
