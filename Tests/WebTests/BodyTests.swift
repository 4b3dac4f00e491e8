import Engine
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceLifecycle
import Testing

@testable import Web

@Suite struct `A body` {
    @Test(arguments: [2_000, 200_000])
    func `that is too large is refused, whether it says so or not`(_ sizeBytes: Int) async throws {
        try await WebWorld.with(configure: { web, _ in web.limits.bodyBytesMax = 1_000 }) { world in
            try await world.serve { port in
                let body = String(repeating: "x", count: sizeBytes)
                let head = "POST /api/blog-generation HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"

                let declared = try await RawConnection.with(port: port) { connection in
                    try await connection.send(head + "Content-Length: \(sizeBytes)\r\n\r\n" + body)
                    return try await connection.sees("request.too_large")
                }
                let chunked = try await RawConnection.with(port: port) { connection in
                    try await connection.send(
                        head
                            + "Transfer-Encoding: chunked\r\n\r\n\(String(sizeBytes, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
                    )
                    return try await connection.sees("HTTP/1.1 413")
                }

                #expect(declared && chunked)
            }
        }
    }

    @Test func `that never ends is cut off, and its connection is closed`() async throws {
        try await WebWorld.with(configure: { web, _ in web.limits.bodyBytesMax = 1_000 }) { world in
            try await world.serve { port in
                try await RawConnection.with(port: port) { connection in
                    try await connection.send(
                        "POST /new HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99000000\r\n\r\n")
                    let piece = String(repeating: "y", count: 1 << 16)
                    // Writing fails once the server has hung up.
                    for _ in 0..<200 { do { try await connection.send(piece) } catch { break } }
                    #expect(try await connection.isClosed())
                }
            }
        }
    }

    @Test func `that drips is cut off at its deadline, and its connection is closed`() async throws {
        try await WebWorld.with(configure: { web, _ in web.limits.bodyTimeout = .milliseconds(300) }) { world in
            try await world.serve { port in
                try await RawConnection.with(port: port) { connection in
                    try await connection.send(
                        "POST /api/blog-generation HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{")
                    for _ in 0..<8 {
                        try await Task.sleep(for: .milliseconds(50))
                        // Writing fails once the server has hung up.
                        do { try await connection.send(" ") } catch { break }
                    }
                    #expect(try await connection.sees("408 Request Timeout"))
                    #expect(try await connection.sees("request.too_slow"))
                    #expect(try await connection.isClosed())
                }
            }
        }
    }

    @Test func `that breaks off leaves nothing behind`() async throws {
        try await WebWorld.with { world in
            try await world.serve { port in
                try await RawConnection.with(port: port) { connection in
                    let body = #"{"sourceType":"keyword","sourceId":"x"}"#
                    try await connection.send(
                        """
                        POST /api/blog-generation HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                        Authorization: Bearer \(world.bakeryKey)\r\nContent-Length: \(body.utf8.count + 1)\r\n\r\n\(body)
                        """)
                    try await Task.sleep(for: .milliseconds(100))
                }
                #expect(try await world.engine.queueSize() == 0)
            }
        }
    }
}

@Suite struct `A server` {
    @Test func `says which port it got, and that a port is taken`() async throws {
        try await WebWorld.with { world in
            try await world.serve { port in
                var configuration = world.configuration
                configuration.port = port
                let second = try WebServer(
                    configuration: configuration, generations: world.generations, sites: world.sites,
                    engine: world.engine, timing: world.server.surface.timing, random: world.server.surface.random,
                    logger: world.server.surface.logger)

                let error = await #expect(throws: WebServerError.self) { try await second.run() }

                #expect(port > 0)
                #expect(error?.code == .portInUse)
                #expect(error?.hint.contains("--port") == true)
            }
        }
    }

    @Test func `answers too late with a problem, not with silence`() async throws {
        try await WebWorld.with(configure: { web, _ in web.limits.requestTimeout = .milliseconds(100) }) { world in
            let surface = world.server.surface
            let slow = RouteTable([RouteGroup([SlowRoute()])]).responder()
            let edge = EdgeResponder(
                router: slow, limits: world.configuration.limits, timing: surface.timing,
                headers: SecurityHeaders(frameAncestors: []), draining: Draining(),
                traces: TraceSource(random: surface.random), requests: RequestMetrics(factory: surface.registry),
                log: AccessLog(logger: surface.logger), errorPage: { problem, _ in problem.response() })
            try await Application(responder: edge, logger: surface.logger).test(.router) { client in
                let answer = try await client.executeRequest(uri: "/slow", method: .get, headers: [:], body: nil)
                #expect(answer.status == .serviceUnavailable)
                #expect(String(buffer: answer.body).contains("request.deadline"))
            }
        }
    }

    @Test func `answers HEAD like GET without a body`() async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                for path in ["/health", "/", "/nowhere"] {
                    let get = try await browser.send(.get, path)
                    let head = try await browser.send(.head, path)
                    #expect(head.status == get.status)
                    #expect(head.body.isEmpty && !get.body.isEmpty)
                }
            }
        }
    }

    @Test func `sends headers that keep pages to themselves`() async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                let answer = try await browser.page("/")

                let policy = try #require(answer.headers[SecurityHeaders.contentSecurityPolicy])
                #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
                #expect(!policy.contains("http") && !policy.contains("unsafe"))
                #expect(answer.headers[.xContentTypeOptions] == "nosniff")
            }
        }
    }

    @Test func `continues a caller's trace`() async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                let trace = "4bf92f3577b34da6a3ce929d0e0e4736"

                let answer = try await browser.send(
                    .get, "/health", headers: [.traceContext: "00-\(trace)-00f067aa0ba902b7-01"])

                #expect(answer.headers[.requestID] == trace)
            }
        }
    }
}

private struct SlowRoute: Readable {
    static let path = "/slow"
    func get(_ call: Call) async throws -> Response {
        try await Task.sleep(for: .seconds(30))
        return Response(status: .ok)
    }
}
