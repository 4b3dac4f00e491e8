import NIOCore
import NIOPosix

/// A socket on which a test sends bytes as it likes.
struct RawConnection {
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private let received: Received

    /// Collects what comes back.
    actor Received {
        private(set) var text = ""
        private(set) var isClosed = false
        func append(_ part: ByteBuffer) { text += String(buffer: part) }
        func close() { isClosed = true }
    }

    static func with<R: Sendable>(port: Int, _ body: @Sendable @escaping (RawConnection) async throws -> R) async throws
        -> R
    {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            let received = Received()
            return try await withThrowingTaskGroup(of: R?.self) { group in
                group.addTask {
                    do { for try await part in inbound { await received.append(part) } } catch {}
                    await received.close()
                    return nil
                }
                group.addTask { try await body(RawConnection(outbound: outbound, received: received)) }
                defer { group.cancelAll() }
                while let ended = try await group.next() { if let value = ended { return value } }
                throw CancellationError()
            }
        }
    }

    func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    var text: String { get async { await received.text } }

    /// Waits, at most `seconds`, until what came back contains a text.
    func sees(_ wanted: String, within seconds: Double = 5) async throws -> Bool {
        try await holds(within: seconds) { await received.text.contains(wanted) }
    }

    func isClosed(within seconds: Double = 5) async throws -> Bool {
        try await holds(within: seconds) { await received.isClosed }
    }

    private func holds(within seconds: Double, _ condition: () async -> Bool) async throws -> Bool {
        for _ in 0..<Int(seconds * 50) {
            if await condition() { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }
}
