import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// Posts webhooks when they are due, and tries again when they do not arrive.
struct WebhookCourier {
    private static let timeout = TimeAmount.seconds(5)
    /// While webhooks wait, look again at least this often: an earlier one may have come in. Real time.
    private static let patience = Duration.milliseconds(250)

    private static let answerBytesMax = 64 * 1024

    let server: SandboxServer

    /// Runs until it is cancelled.
    func run() async throws {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = .init(connect: Self.timeout, read: Self.timeout)
        // Bounds the deliveries under way to one receiver.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                for webhook in server.core.withLock({ $0.takeDueWebhooks(at: server.now) }) {
                    group.addTask { await deliver(webhook, with: client) }
                }
                await waitForNext()
            }
            group.cancelAll()
        }
        try await client.shutdown()
    }

    private func waitForNext() async {
        guard let next = server.core.withLock({ $0.nextWebhook }) else { return await server.courierWake.wait() }
        let scale = server.core.withLock { $0.scale }
        let wait = min(scale.real(next - server.now), Self.patience)
        // Cancellation ends the loop by itself.
        if wait > .zero { try? await server.clock.sleep(wait) }
    }

    private func deliver(_ webhook: OutgoingWebhook, with client: HTTPClient) async {
        let isDelivered = await post(webhook, with: client)
        server.core.withLock { $0.webhookEnded(webhook, delivered: isDelivered, at: server.now) }
        server.courierWake.signal()
    }

    private func post(_ webhook: OutgoingWebhook, with client: HTTPClient) async -> Bool {
        var request = HTTPClientRequest(url: webhook.delivery.url)
        request.method = .POST
        for (name, value) in webhook.headers { request.headers.add(name: name, value: value) }
        request.headers.add(name: "user-agent", value: "pressroom-sandbox")
        request.body = .bytes(ByteBuffer(bytes: webhook.body))
        do {
            let response = try await client.execute(request, timeout: Self.timeout, logger: nil)
            // Read to its end, a connection can be used again; a long answer is nobody's business and fails.
            _ = try await response.body.collect(upTo: Self.answerBytesMax)
            return (200..<300).contains(response.status.code)
        } catch {
            server.logger.debug("A webhook did not arrive", metadata: ["error": "\(error)"])
            return false
        }
    }
}
