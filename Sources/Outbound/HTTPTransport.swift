import AsyncHTTPClient
import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// The real world: HTTP/1.1 over sockets.
///
/// One connection per call in flight (with HTTP/2 a server's limit of 100 streams would queue the rest), no redirects,
/// no cookies, no decompression, one deadline from the look-up to the last byte. Call ``shutdown()`` when done.
package final class HTTPTransport: Transport {
    package struct Settings: Sendable {
        /// Connections to one host. The pool's own default of 8 starves everyone behind it, so this must cover
        /// the calls that the engine runs at once.
        package var connectionsPerHost = 256
        package var connectTimeout = Duration.seconds(5)
        package var proxy: OutboundProxy?

        package init() {}
    }

    private let destinations: DestinationGuard
    private let resolver: HostResolver
    private let proxy: OutboundProxy?
    private let direct: HTTPClient
    private let proxied: HTTPClient?
    private let pinned: PinnedClients
    private let logger: Logger

    package init(
        to destinations: DestinationGuard, settings: Settings = Settings(), resolver: HostResolver = .system,
        logger: Logger
    ) {
        self.destinations = destinations
        self.resolver = resolver
        self.proxy = settings.proxy
        self.logger = logger
        let configuration = Self.configuration(settings)
        direct = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        proxied = settings.proxy.map { proxy in
            var configuration = configuration
            configuration.proxy = proxy.client
            return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        }
        pinned = PinnedClients(configuration)
    }

    package func send(_ request: OutboundRequest, deadline: Duration) async throws -> OutboundResponse {
        let begun = NIODeadline.now()
        let handedOver = Flag()
        let response = try await within(deadline, of: request, handedOver) {
            do { return try await self.perform(request, handedOver) } catch {
                throw Self.translate(error, request.url)
            }
        }
        logger.debug(
            "outbound answer",
            metadata: [
                "host": "\(request.url.host)", "method": "\(request.method)", "status": "\(response.status)",
                "bytes": "\(response.body.count)",
                "milliseconds": "\((NIODeadline.now() - begun).nanoseconds / 1_000_000)",
            ])
        return response
    }

    /// Closes all connections; calls in flight fail.
    package func shutdown() async throws {
        try await direct.shutdown()
        try await proxied?.shutdown()
        try await pinned.shutdown()
    }

    /// Whether the request has been given to the client, after which nobody knows how much of it left.
    private final class Flag: Sendable {
        let isSet = Atomic(false)
    }

    private func perform(_ request: OutboundRequest, _ handedOver: Flag) async throws -> OutboundResponse {
        let url = request.url
        let verdict = try destinations.judge(url)
        if let proxied, let proxy, proxy.serves(url.host) {
            return try await Exchange(request).run(on: proxied) { handedOver.isSet.store(true, ordering: .relaxed) }
        }
        guard verdict == .name else {
            return try await Exchange(request).run(on: direct) { handedOver.isSet.store(true, ordering: .relaxed) }
        }
        let address = try destinations.choose(try await resolver.addresses(url.host), for: url)
        return try await pinned.withClient(host: url.host, address: address) { client in
            try await Exchange(request).run(on: client) { handedOver.isSet.store(true, ordering: .relaxed) }
        }
    }

    private func within(
        _ deadline: Duration, of request: OutboundRequest, _ handedOver: Flag,
        _ body: @escaping @Sendable () async throws -> OutboundResponse
    ) async throws -> OutboundResponse {
        try await withThrowingTaskGroup(of: OutboundResponse?.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await body() }
            group.addTask {
                try await Self.wait(deadline)
                return nil
            }
            if let response = try await group.next() ?? nil { return response }
            throw OutboundError(
                .timedOut, "\(request.url.host) did not answer within \(deadline)", retry: .backoff,
                sent: handedOver.isSet.load(ordering: .relaxed))
        }
    }

    /// The event loop's timer, because a socket's deadline passes in real time whatever clock the engine has.
    private static func wait(_ duration: Duration) async throws {
        let timer = NIOSingletons.posixEventLoopGroup.any().scheduleTask(in: TimeAmount(duration)) {}
        try await withTaskCancellationHandler {
            // The timer only fails by being cancelled, and only we cancel it.
            do { try await timer.futureResult.get() } catch { throw CancellationError() }
        } onCancel: {
            timer.cancel()
        }
    }

    static func configuration(_ settings: Settings) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .disabled
        configuration.timeout.connect = TimeAmount(settings.connectTimeout)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = settings.connectionsPerHost
        configuration.connectionPool.retryConnectionEstablishment = false
        // Shorter than what servers usually keep: a call on a connection that they are just closing is lost.
        configuration.connectionPool.idleTimeout = .seconds(30)
        return configuration
    }
}
