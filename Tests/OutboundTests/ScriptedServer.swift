import NIOCore
import NIOPosix
import Synchronization

/// A server on loopback that answers each request by a script of raw bytes, pauses and endings.
final class ScriptedServer: Sendable {
    enum Act: Sendable {
        case send(String)
        case pause(milliseconds: Int64)
        case close
        /// Sends this many bytes of filling.
        case fill(Int)
    }

    let port: Int
    private let channel: any Channel
    private let log: Log

    /// Whole requests as they came, and connections that clients have closed.
    private final class Log: Sendable {
        let requests = Mutex<[String]>([])
        let closed = Atomic(0)
    }

    init(_ script: [Act]) async throws {
        let log = Log()
        self.log = log
        channel = try await ServerBootstrap(group: NIOSingletons.posixEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Performer(script, log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    var requests: [String] { log.requests.withLock { $0 } }
    var closedConnections: Int { log.closed.load(ordering: .relaxed) }

    static func with<Value>(_ script: [Act], _ body: (ScriptedServer) async throws -> Value) async throws -> Value {
        let server = try await ScriptedServer(script)
        do {
            let value = try await body(server)
            try await server.channel.close()
            return value
        } catch {
            try await server.channel.close()
            throw error
        }
    }

    private final class Performer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let script: [Act]
        private let log: Log
        private var received = ""

        init(_ script: [Act], _ log: Log) {
            self.script = script
            self.log = log
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += String(buffer: unwrapInboundIn(data))
            guard let head = received.firstRange(of: "\r\n\r\n") else { return }
            let length =
                received[..<head.lowerBound].lowercased().split(separator: "\r\n")
                .first { $0.hasPrefix("content-length:") }.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
            guard received[head.upperBound...].utf8.count >= length else { return }
            log.requests.withLock { $0.append(received) }
            received = ""
            perform(script[...], context.channel)
        }

        func channelInactive(context: ChannelHandlerContext) { log.closed.add(1, ordering: .relaxed) }

        private func perform(_ script: ArraySlice<Act>, _ channel: any Channel) {
            Self.perform(script, channel)
        }

        private static func perform(_ script: ArraySlice<Act>, _ channel: any Channel) {
            guard let act = script.first else { return }
            switch act {
            case .send(let text): channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
            case .fill(let count):
                channel.writeAndFlush(ByteBuffer(repeating: UInt8(ascii: "x"), count: count), promise: nil)
            case .close: channel.close(promise: nil)
            case .pause(let milliseconds):
                channel.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) { perform(script.dropFirst(), channel) }
                return
            }
            perform(script.dropFirst(), channel)
        }
    }
}
