import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// Posts webhooks when they are due, and tries again when they do not arrive.
struct WebhookCourier {
    private static let timeout = TimeAmount.seconds(5)
    /// Wix waits no longer, however fast the sandbox's time runs.
    private static let wixTimeout = TimeAmount.milliseconds(1_250)
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
                for message in server.core.withLock({ $0.takeDueWixMessages(at: server.now) }) {
                    group.addTask { await deliver(message, with: client) }
                }
                await waitForNext()
            }
            group.cancelAll()
        }
        try await client.shutdown()
    }

    private func waitForNext() async {
        let times = server.core.withLock { [$0.nextWebhook, $0.nextWixMessage] }
        guard let next = times.compactMap(\.self).min() else { return await server.courierWake.wait() }
        let scale = server.core.withLock { $0.scale }
        let wait = min(scale.real(next - server.now), Self.patience)
        // Cancellation ends the loop by itself.
        if wait > .zero { try? await server.clock.sleep(wait) }
    }

    private func deliver(_ webhook: OutgoingWebhook, with client: HTTPClient) async {
        let isDelivered = await post(
            webhook.body, webhook.headers, to: webhook.delivery.url, within: Self.timeout, with: client
        ).map { (200..<300).contains($0) }
        server.core.withLock { $0.webhookEnded(webhook, delivered: isDelivered ?? false, at: server.now) }
        server.courierWake.signal()
    }

    /// A message of Wix's: a bare token, which has arrived when it is answered with 200 in time.
    private func deliver(_ outgoing: OutgoingWixMessage, with client: HTTPClient) async {
        let isDelivered = await isTaken(outgoing, with: client) && !outgoing.isAnswerLost && !outgoing.isForged
        server.core.withLock { $0.wixMessageEnded(outgoing.message, delivered: isDelivered, at: server.now) }
        server.courierWake.signal()
    }

    private func isTaken(_ outgoing: OutgoingWixMessage, with client: HTTPClient) async -> Bool {
        let token: [UInt8]
        do {
            token = try server.wixWebhookKey().token(outgoing.message.claims, isForged: outgoing.isForged)
        } catch {
            server.logger.error("A message of Wix's cannot be signed", metadata: ["error": "\(error)"])
            return false
        }
        return await withTaskGroup(of: UInt?.self, returning: Bool.self) { group in
            for _ in 0..<outgoing.copies {
                group.addTask {
                    await post(
                        token, ["content-type": "text/plain"], to: outgoing.message.url, within: Self.wixTimeout,
                        with: client)
                }
            }
            var isTaken = false
            for await status in group where status == 200 { isTaken = true }
            return isTaken
        }
    }

    /// - Returns: the answer's status; nil when there was none in time.
    private func post(
        _ body: [UInt8], _ headers: [String: String], to url: String, within timeout: TimeAmount,
        with client: HTTPClient
    ) async -> UInt? {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.headers.add(name: "user-agent", value: "pressroom-sandbox")
        request.body = .bytes(ByteBuffer(bytes: body))
        do {
            let response = try await client.execute(request, timeout: timeout, logger: nil)
            // Read to its end, a connection can be used again; a long answer is nobody's business and fails.
            _ = try await response.body.collect(upTo: Self.answerBytesMax)
            return response.status.code
        } catch {
            server.logger.debug("A webhook did not arrive", metadata: ["error": "\(error)"])
            return nil
        }
    }
}
