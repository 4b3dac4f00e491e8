import HTTPTypes
import Logging
import Testing

@testable import Outbound

@Suite struct `The destination guard` {
    @Test(arguments: [
        "http://example.com/", "https://example.com:8443/", "https://localhost/", "https://127.0.0.1/",
        "https://10.0.0.1/", "https://172.31.255.255/", "https://192.168.1.1/", "https://169.254.169.254/latest/",
        "https://100.64.0.1/", "https://0.0.0.0/", "https://224.0.0.1/", "https://255.255.255.255/",
        "https://198.18.0.1/", "https://192.0.2.1/", "https://[::1]/", "https://[::]/", "https://[fe80::1]/",
        "https://[fc00::1]/", "https://[::ffff:169.254.169.254]/", "https://[64:ff9b::a9fe:a9fe]/",
        "https://[2002:7f00:1::]/", "https://[2001::1]/", "https://[2001:db8::1]/", "https://[ff02::1]/",
        "https://intranet/", "https://db.internal/", "https://printer.local/", "https://a.localhost/",
    ])
    func `refuses`(_ text: String) throws {
        let url = try OutboundURL(text)

        let error = #expect(throws: OutboundError.self) { try DestinationGuard().judge(url) }

        #expect(error?.code == .refusedDestination)
        #expect(error?.sent == false)
    }

    @Test(arguments: ["https://8.8.8.8/", "https://[2606:4700::1111]/"])
    func `lets public numbers pass`(_ text: String) throws {
        #expect(try DestinationGuard().judge(try OutboundURL(text)) == .literal)
    }

    @Test func `asks for the addresses of a name`() throws {
        #expect(try DestinationGuard().judge(try OutboundURL("https://example.com/")) == .name)
    }

    @Test func `refuses a name when one of its addresses is private`() throws {
        let url = try OutboundURL("https://example.com/")
        let addresses = ["93.184.216.34", "10.0.0.7"].compactMap { IPAddress($0) }

        #expect(throws: OutboundError.self) { try DestinationGuard().choose(addresses, for: url) }
    }

    @Test func `trusts a configured origin and nothing beside it`() throws {
        let destinations = DestinationGuard(trusting: [try OutboundURL("http://127.0.0.1:8080/v1")])

        #expect(try destinations.judge(try OutboundURL("http://127.0.0.1:8080/other")) == .trusted)
        #expect(throws: OutboundError.self) { try destinations.judge(try OutboundURL("http://127.0.0.1:8081/v1")) }
        #expect(throws: OutboundError.self) { try destinations.judge(try OutboundURL("https://127.0.0.1:8080/v1")) }
    }

    @Test func `connects to the address that was checked, not to what the name means by then`() async throws {
        // The name resolves to a public address; if the transport asked the system again, it would find nothing.
        let resolver = HostResolver { _ in [IPAddress("192.0.2.1")].compactMap { $0 } }
        let transport = HTTPTransport(
            to: DestinationGuard(), resolver: resolver,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let request = OutboundRequest(.get, try OutboundURL("https://rebinding.example.com/"))

        let error = await #expect(throws: OutboundError.self) {
            try await transport.send(request, deadline: .seconds(2))
        }
        try await transport.shutdown()

        #expect(error?.code == .refusedDestination)
    }

    @Test func `pins a client to one address per name and keeps a bounded number`() async throws {
        let pinned = PinnedClients(HTTPTransport.configuration(.init()))
        let loopback = try #require(IPAddress("127.0.0.1"))
        let answer = "HTTP/1.1 204 No Content\r\n\r\n"

        try await ScriptedServer.with([.send(answer)]) { server in
            for number in 0..<100 {
                let url = try OutboundURL("http://h\(number).example.com:\(server.port)/")
                let response = try await pinned.withClient(host: url.host, address: loopback) { client in
                    try await Exchange(OutboundRequest(.get, url)).run(on: client) {}
                }
                #expect(response.status == 204)
            }
            #expect(server.requests[7].lowercased().contains("\r\nhost: h7.example.com:\(server.port)\r\n"))
        }

        #expect(pinned.count <= PinnedClients.idleMax)
        try await pinned.shutdown()
        await #expect(throws: (any Error).self) { try await pinned.withClient(host: "h", address: loopback) { _ in } }
    }
}
