import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// A server that receives webhooks, for as long as it runs.
struct HookReceiver: Sendable {
    private let handle: @Sendable (HTTPFields, [UInt8]) -> HTTPResponse.Status
    private let bound = AsyncStream<Int>.makeStream()

    init(_ handle: @escaping @Sendable (HTTPFields, [UInt8]) -> HTTPResponse.Status) { self.handle = handle }

    func run() async throws {
        let router = Router()
        router.post("/done") { request, _ in
            let body = try await request.body.collect(upTo: 1_000_000)
            return handle(request.headers, Array(buffer: body))
        }
        var logger = Logger(label: "hooks")
        logger.logLevel = .critical
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in bound.continuation.yield(channel.localAddress?.port ?? 0) }, logger: logger)
        try await application.run()
    }

    /// Where it listens, once it does.
    func port() async -> Int {
        for await port in bound.stream { return port }
        return 0
    }
}
