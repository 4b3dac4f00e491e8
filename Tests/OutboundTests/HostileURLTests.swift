import HTTPTypes
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Outbound

@Suite struct `Hostile addresses` {
    @Test func `are two hundred and many more`() {
        let texts = Set(HostileURLs.texts(port: 8_080)).union(HostileURLs.names.map { "https://\($0.text)/" })

        #expect(texts.count >= 500)
    }

    @Test func `reach nobody, however they are written`() async throws {
        try await Lookout.with { lookout in
            for text in HostileURLs.texts(port: lookout.port) {
                let ending = await lookout.call(text)

                #expect(ending == .unreadable || ending == .refused, "\(text.debugDescription)")
            }
            #expect(lookout.asked.isEmpty)
            #expect(lookout.visits == 0)
        }
    }

    @Test func `reach nobody by a name that means something private, alone or among others`() async throws {
        let answers = Dictionary(HostileURLs.names.map { ($0.text, [$0.addresses]) }) { first, _ in first }
        try await Lookout.with(answers: answers) { lookout in
            for name in HostileURLs.names {
                let ending = await lookout.call("https://\(name.text)/")

                #expect(ending == .refused, "\(name)")
            }
            #expect(lookout.asked == HostileURLs.names.map(\.text))
            #expect(lookout.visits == 0)
        }
    }

    // The first meaning has been given to nobody, so that nobody is called there either.
    @Test(arguments: [["127.0.0.1"], ["::1"], ["169.254.169.254"], ["2e00::1", "10.0.0.1"]])
    func `reach nobody by a name that changes its meaning`(_ second: [String]) async throws {
        try await Lookout.with(answers: ["rebinding.example.com": [["2e00::1"], second]]) { lookout in
            let first = await lookout.call("https://rebinding.example.com/")
            let askedOfFirst = lookout.asked.count
            let later = await lookout.call("https://rebinding.example.com/")

            // What is looked up once cannot have been checked with one meaning and called with the other.
            #expect(askedOfFirst == 1)
            #expect(first.isFailure)
            #expect(later == .refused)
            #expect(lookout.visits == 0)
        }
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `reach nobody by a redirect`(_ status: Int) async throws {
        // Any socket's number will do to count the targets.
        for index in HostileURLs.redirects(port: 0).indices {
            try await Lookout.with { lookout in
                let target = HostileURLs.redirects(port: lookout.port)[index]
                let answer = "HTTP/1.1 \(status) Moved\r\nLocation: \(target)\r\nContent-Length: 0\r\n\r\n"
                try await ScriptedServer.with([.send(answer)]) { server in
                    let location = try await lookout.location(from: server.port, status)
                    let followed = await lookout.call(location)

                    #expect(location == target)
                    #expect(followed == .unreadable || followed == .refused, "\(target)")
                    #expect(server.requests.count == 1)
                    #expect(lookout.visits == 0)
                }
            }
        }
    }

    @Test(arguments: [
        "https://example.com/", "https://EXAMPLE.com:443/a%20b?c=d", "https://a_b.sub-domain.example.co.uk/",
        "https://xn--mnchen-3ya.example/", "https://1e100.example/", "https://8.8.8.8/", "https://[2606:4700::1111]/",
        "https://168.63.129.17/", "https://172.32.0.1/", "https://100.128.0.1/", "https://example.com?@127.0.0.1/",
    ])
    func `are told from good ones`(_ text: String) throws {
        let url = try OutboundURL(text)
        let address = try #require(IPAddress("93.184.216.34"))
        let destinations = DestinationGuard()

        let verdict = try destinations.judge(url)
        let chosen = try destinations.choose([address], for: url)

        #expect(verdict == .name || verdict == .literal)
        #expect(chosen == address)
    }

    @Test func `would be seen if they came`() async throws {
        try await Lookout.with(trustsItself: true) { lookout in
            let ending = await lookout.call("http://127.0.0.1:\(lookout.port)/")
            // The listener hears of it on a thread of its own.
            while lookout.visits == 0 { await Task.yield() }

            #expect(ending == .failed(.timedOut))
            #expect(lookout.visits == 1)
        }
    }
}

/// A transport whose name service is scripted, and sockets on loopback that count who comes.
private struct Lookout: Sendable {
    enum Ending: Equatable {
        /// No address at all.
        case unreadable
        /// By the guard, before anything was sent.
        case refused
        case failed(OutboundError.Code)
        case answered(Int)

        var isFailure: Bool { if case .failed = self { true } else { false } }
    }

    /// Nobody answers, so nobody is waited for.
    private static let patience = Duration.milliseconds(500)

    let transport: HTTPTransport
    private let bells: [Doorbell]
    private let service: NameService

    /// Where somebody listens.
    var port: Int { bells[0].port }
    /// Connections that were made, to whichever socket.
    var visits: Int { bells.reduce(0) { $0 + $1.rings } }
    /// Names that were looked up.
    var asked: [String] { service.asked }

    /// - Parameters:
    ///   - answers: by name, what each look-up says; the last one is repeated.
    ///   - trustsItself: whether the listening socket stands in the configuration.
    static func with(
        answers: [String: [[String]]] = [:], trustsItself: Bool = false, _ body: (Lookout) async throws -> Void
    ) async throws {
        let lookout = try await Lookout(answers, trustsItself)
        do { try await body(lookout) } catch {
            try await lookout.close()
            throw error
        }
        try await lookout.close()
    }

    private init(_ answers: [String: [[String]]], _ trustsItself: Bool) async throws {
        bells = try await Doorbell.all()
        service = NameService(answers)
        let own = try OutboundURL("http://127.0.0.1:\(bells[0].port)/")
        transport = Self.transport(trusting: trustsItself ? [own] : [], service.resolver)
    }

    private static func transport(trusting bases: [OutboundURL], _ resolver: HostResolver) -> HTTPTransport {
        var settings = HTTPTransport.Settings()
        settings.connectTimeout = patience
        return HTTPTransport(
            to: DestinationGuard(trusting: bases), settings: settings, resolver: resolver,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func close() async throws {
        try await transport.shutdown()
        for bell in bells { try await bell.close() }
    }

    func call(_ text: String) async -> Ending {
        do {
            let request = OutboundRequest(.get, try OutboundURL(text))
            return .answered(try await transport.send(request, deadline: Self.patience).status)
        } catch let error as OutboundError {
            switch error.code {
            case .invalidURL: return .unreadable
            case .refusedDestination where !error.sent: return .refused
            default: return .failed(error.code)
            }
        } catch {
            Issue.record("\(error)")
            return .failed(.interrupted)
        }
    }

    /// Where a configured server on loopback sends whoever asks.
    func location(from port: Int, _ status: Int) async throws -> String {
        let base = try OutboundURL("http://127.0.0.1:\(port)/")
        let trusting = Self.transport(trusting: [base], service.resolver)
        let answer: OutboundResponse
        do { answer = try await trusting.send(OutboundRequest(.get, base), deadline: .seconds(10)) } catch {
            try await trusting.shutdown()
            throw error
        }
        try await trusting.shutdown()
        #expect(answer.status == status)
        return try #require(answer.headers[.location])
    }
}

/// Looks names up in a script.
private final class NameService: Sendable {
    private let answers: [String: [[IPAddress]]]
    private let log = Mutex<[String]>([])

    init(_ answers: [String: [[String]]]) {
        self.answers = answers.mapValues { $0.map { $0.compactMap { IPAddress($0) } } }
    }

    var asked: [String] { log.withLock { $0 } }

    var resolver: HostResolver {
        HostResolver { host in
            let turn = self.log.withLock { log in
                log.append(host)
                return log.count(where: { $0 == host })
            }
            let known = self.answers[host] ?? []
            return known.isEmpty ? [] : known[min(turn, known.count) - 1]
        }
    }
}

/// A listening socket that counts who comes and says nothing.
private final class Doorbell: Sendable {
    private final class Count: Sendable {
        let rings = Atomic(0)
    }

    let port: Int
    private let channel: any Channel
    private let count: Count

    private init(port wished: Int) async throws {
        let count = Count()
        self.count = count
        channel = try await ServerBootstrap(group: NIOSingletons.posixEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                count.rings.add(1, ordering: .relaxed)
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            .bind(host: "127.0.0.1", port: wished).get()
        port = channel.localAddress?.port ?? 0
    }

    /// One on any port; and on the ports that addresses mean when they name none, where this machine lets us listen.
    static func all() async throws -> [Doorbell] {
        var bells = [try await Doorbell(port: 0)]
        for port in [443, 80] {
            // Taken, or not ours to take.
            if let bell = try? await Doorbell(port: port) { bells.append(bell) }
        }
        return bells
    }

    var rings: Int { count.rings.load(ordering: .relaxed) }

    func close() async throws { try await channel.close() }
}
