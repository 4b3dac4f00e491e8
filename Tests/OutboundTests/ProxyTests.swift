import HTTPTypes
import Logging
import Testing

@testable import Outbound

@Suite struct `A proxy` {
    private func answer(
        of address: String, through server: ScriptedServer, exceptions: [String] = []
    ) async throws -> Result<OutboundResponse, any Error> {
        let url = try OutboundURL(address)
        var settings = HTTPTransport.Settings()
        settings.proxy = OutboundProxy(
            host: "127.0.0.1", port: server.port, user: "ada", password: Secret("lovelace"), exceptions: exceptions)
        let transport = HTTPTransport(
            to: DestinationGuard(trusting: [url]), settings: settings, logger: Logger(label: "test"))
        let result: Result<OutboundResponse, any Error>
        do { result = .success(try await transport.send(OutboundRequest(.get, url), deadline: .seconds(5))) } catch {
            result = .failure(error)
        }
        try await transport.shutdown()
        return result
    }

    /// Nothing of the request is seen by it: it only connects.
    @Test func `is asked to connect, with its user and password`() async throws {
        try await ScriptedServer.with([.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")]) { server in
            let result = try await answer(of: "https://models.test/v1/models", through: server)

            let request = try #require(server.requests.first)
            #expect(request.hasPrefix("CONNECT models.test:443 "), "\(request)")
            #expect(request.contains("YWRhOmxvdmVsYWNl"), "\(request)")
            let error = #expect(throws: OutboundError.self) { try result.get() }
            #expect(error?.code == .unreachable)
            #expect(error?.sent == false)
        }
    }

    @Test func `is not asked for what is named as an exception, nor for this machine`() async throws {
        try await ScriptedServer.with([.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")]) { server in
            let near = try await answer(of: "http://127.0.0.1:\(server.port)/direct", through: server).get()
            let excepted = try await answer(
                of: "http://models.invalid/v1", through: server, exceptions: ["invalid"])

            #expect(near.status == 200)
            #expect(server.requests.map { String($0.prefix(12)) } == ["GET /direct "])
            #expect(throws: OutboundError.self) { try excepted.get() }
        }
    }
}
