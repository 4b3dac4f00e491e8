import Arena
import Blog
import Engine
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// The HTTP server as a service: it listens until the group it runs in shuts down, then finishes what it has begun.
///
/// On shutdown no new connection is taken, live streams end at once, answers under way are completed and say
/// `Connection: close`.
package struct WebServer: Service, CustomStringConvertible {
    private let configuration: WebConfiguration
    let surface: WebSurface
    private let onListening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - registry: what `/metrics` shows; others may measure with it too.
    ///   - onListening: told once, when the server listens, with the port it got.
    /// - Throws: `WebhookError.badSecret` for a webhook secret that is none.
    package init(
        configuration: WebConfiguration, generations: BlogGenerations, sites: Sites, arena: Arena? = nil,
        engine: Engine,
        timing: Timing, random: RandomSource, registry: PrometheusRegistry = PrometheusRegistry(help: MetricsPage.help),
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws {
        self.configuration = configuration
        self.onListening = onListening
        surface = try WebSurface(
            configuration: configuration, generations: generations, sites: sites, arena: arena, engine: engine,
            timing: timing, random: random, registry: registry, logger: logger)
    }

    package var description: String { "WebServer" }

    /// - Throws: ``WebServerError`` when it cannot listen; `DatabaseError` when the database is away.
    package func run() async throws {
        try await surface.tally.update()
        let hasListened = Atomic(false)
        let application = surface.application { channel in
            hasListened.store(true, ordering: .relaxed)
            await onListening(channel.localAddress?.port ?? configuration.port)
        }
        do {
            try await withGracefulShutdownHandler {
                try await withThrowingDiscardingTaskGroup { group in
                    for service in surface.services { group.addTask { try await service.run() } }
                    try await application.run()
                    group.cancelAll()
                }
            } onGracefulShutdown: {
                surface.draining.begin()
            }
        } catch let error where !hasListened.load(ordering: .relaxed) && !(error is CancellationError) {
            throw WebServerError(listeningOn: configuration.host, port: configuration.port, failedWith: error)
        }
    }
}
