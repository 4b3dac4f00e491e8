import HTTPTypes
import Logging
import NIOCore
import Testing

@testable import Outbound

@Suite struct `The HTTP transport` {
    @Test func `returns status, headers and body`() async throws {
        let answer = "HTTP/1.1 201 Created\r\nX-Seen: yes\r\nContent-Length: 5\r\n\r\nhello"
        try await exchange([.send(answer)]) { send, _ in
            let response = try await send(.seconds(5))

            #expect(response.status == 201)
            #expect(response.headers[.init("x-seen")!] == "yes")
            #expect(response.body == Array("hello".utf8))
        }
    }

    @Test func `sends the key, the headers and the body`() async throws {
        try await exchange([.send("HTTP/1.1 204 No Content\r\n\r\n")]) { send, server in
            _ = try await send(.seconds(5)) {
                $0.authorization = .bearer(Secret("k-123"))
                $0.headers[.contentType] = "application/json"
                $0.body = Array("{}".utf8)
            }

            let request = try #require(server.requests.first)
            #expect(request.hasPrefix("POST /v1/things?q=1 HTTP/1.1\r\n"))
            #expect(request.contains("Authorization: Bearer k-123\r\n"))
            #expect(request.hasSuffix("\r\n\r\n{}"))
            #expect(!request.lowercased().contains("accept-encoding"))
        }
    }

    @Test func `hands an error page back as it is`() async throws {
        let page = "<html><body>Bad gateway</body></html>"
        let answer =
            "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: \(page.utf8.count)\r\n\r\n\(page)"
        try await exchange([.send(answer)]) { send, _ in
            let response = try await send(.seconds(5))

            #expect(response.status == 502)
        }
    }

    @Test func `does not follow a redirect`() async throws {
        let answer = "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
        try await exchange([.send(answer)]) { send, server in
            let response = try await send(.seconds(5))

            #expect(response.status == 302)
            #expect(server.requests.count == 1)
        }
    }

    @Test func `gives up a server that never answers at the deadline`() async throws {
        try await exchange([]) { send, _ in
            let begun = NIODeadline.now()

            let error = await failure { try await send(.milliseconds(300)) }

            #expect(error?.code == .timedOut)
            #expect(error?.sent == true)
            #expect((NIODeadline.now() - begun) < .seconds(20))
        }
    }

    @Test func `gives up a body that drips beyond the deadline`() async throws {
        let drip = (0..<100).flatMap { _ in [ScriptedServer.Act.pause(milliseconds: 50), .send("x")] }
        try await exchange([.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")] + drip) { send, _ in
            let error = await failure { try await send(.milliseconds(400)) }

            #expect(error?.code == .timedOut)
        }
    }

    @Test func `refuses a body whose announced length is too large without reading it`() async throws {
        try await exchange([.send("HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n"), .fill(100)]) { send, _ in
            let error = await failure { try await send(.seconds(5)) { $0.responseBytesMax = 1_000 } }

            #expect(error?.code == .bodyTooLarge)
            #expect(error?.retry == .never)
        }
    }

    @Test func `refuses a body that grows too large without having said so`() async throws {
        try await exchange([.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"), .fill(50_000), .close]) { send, _ in
            let error = await failure { try await send(.seconds(5)) { $0.responseBytesMax = 1_000 } }

            #expect(error?.code == .bodyTooLarge)
        }
    }

    @Test func `does not take half a body for a whole one`() async throws {
        try await exchange([.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half\":"), .close]) { send, _ in
            let error = await failure { try await send(.seconds(5)) }

            #expect(error?.code == .interrupted)
            #expect(error?.sent == true)
        }
    }

    @Test func `does not unpack what was not asked to be packed`() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"
        try await exchange([.send(answer)]) { send, _ in
            let error = await failure { try await send(.seconds(5)) }

            #expect(error?.code == .encoded)
        }
    }

    @Test func `says that a connection closed without an answer may have reached the server`() async throws {
        try await exchange([.close]) { send, _ in
            let error = await failure { try await send(.seconds(5)) }

            #expect(error?.code == .interrupted)
            #expect(error?.sent == true)
        }
    }

    @Test func `says that a closed port was never reached`() async throws {
        let port = try await ScriptedServer.with([]) { $0.port }
        let transport = try Self.transport(port)

        let error = await failure { try await transport.send(try Self.request(port), deadline: .seconds(8)) }
        try await transport.shutdown()

        #expect(error?.code == .unreachable)
        #expect(error?.sent == false)
        #expect(error?.hint?.contains("http://127.0.0.1:\(port)") == true)
    }

    @Test func `answers cancellation with cancellation and closes the connection`() async throws {
        try await exchange([]) { send, server in
            let result = await withTaskGroup(of: (any Error)?.self) { group in
                group.addTask { do { _ = try await send(.seconds(30)); return nil } catch { return error } }
                while server.requests.isEmpty { await Task.yield() }
                group.cancelAll()
                return await group.next() ?? nil
            }

            #expect(result is CancellationError)
            while server.closedConnections == 0 { await Task.yield() }
        }
    }

    @Test func `runs more calls at once than the pool's own limit`() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        try await exchange([.pause(milliseconds: 1_000), .send(answer)]) { send, _ in
            let begun = NIODeadline.now()
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<100 { group.addTask { try await send(.seconds(10)).status } }
                for try await status in group { #expect(status == 200) }
            }
            // Eight at a time would take 13 seconds.
            #expect((NIODeadline.now() - begun) < .seconds(10))
        }
    }

    // MARK: Set-up

    struct Sender: Sendable {
        let transport: HTTPTransport
        let port: Int

        func callAsFunction(
            _ deadline: Duration, _ change: (inout OutboundRequest) -> Void = { _ in }
        ) async throws -> OutboundResponse {
            var request = try `The HTTP transport`.request(port)
            change(&request)
            return try await transport.send(request, deadline: deadline)
        }
    }

    private func exchange(
        _ script: [ScriptedServer.Act], _ body: (Sender, ScriptedServer) async throws -> Void
    ) async throws {
        try await ScriptedServer.with(script) { server in
            let transport = try Self.transport(server.port)
            do { try await body(Sender(transport: transport, port: server.port), server) } catch {
                try await transport.shutdown()
                throw error
            }
            try await transport.shutdown()
        }
    }

    private static func transport(_ port: Int) throws -> HTTPTransport {
        let destinations = DestinationGuard(trusting: [try OutboundURL("http://127.0.0.1:\(port)/v1")])
        return HTTPTransport(to: destinations, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    static func request(_ port: Int) throws -> OutboundRequest {
        OutboundRequest(.post, try OutboundURL("http://127.0.0.1:\(port)/v1/things?q=1"))
    }

    private func failure(_ body: () async throws -> OutboundResponse) async -> OutboundError? {
        do {
            _ = try await body()
            return nil
        } catch { return error as? OutboundError }
    }
}
