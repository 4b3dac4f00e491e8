import Outbound
import Testing

@testable import Pressroom

@Suite struct `The way out` {
    @Test func `leads through a proxy where one is named`() throws {
        let settings = try Configuration(environment: [
            "HTTPS_PROXY": "http://ada:love@proxy.example:3128",
            "NO_PROXY": "localhost, .internal.example *.example.org",
        ])
        let proxy = try #require(settings.outgoing.connections.proxy)

        #expect((proxy.host, proxy.port, proxy.user) == ("proxy.example", 3128, "ada"))
        #expect(proxy.password == Secret("love"))
        #expect(proxy.exceptions == ["localhost", "internal.example", "example.org"])
        #expect(settings.value(of: "HTTPS_PROXY") == "http://‹secret›@proxy.example:3128")
        #expect(!settings.redactedDescription.contains("love"))
    }

    @Test(arguments: [
        ("proxy.example:3128", "http://proxy.example:3128"), ("http://proxy.example", "http://proxy.example:80"),
        ("http://[2001:db8::1]:8080/", "http://[2001:db8::1]:8080"),
    ])
    func `may be written as other programs take it`(_ text: String, _ shown: String) throws {
        #expect(try Configuration(environment: ["HTTPS_PROXY": text]).value(of: "HTTPS_PROXY") == shown)
    }

    @Test(arguments: [
        "https://proxy.example", "socks5://proxy.example:1080", "http://", "http://p.example/path", "a b",
    ])
    func `is not guessed at`(_ text: String) {
        let problems = complaints(about: ["HTTPS_PROXY": text])
        #expect(problems.map(\.key) == ["HTTPS_PROXY"])
    }

    @Test func `is direct when nothing is to go through the proxy, or none is named`() throws {
        #expect(try Configuration(environment: [:]).outgoing.connections.proxy == nil)
        let settings = try Configuration(environment: ["HTTPS_PROXY": "http://p.example:1", "NO_PROXY": "*"])
        #expect(settings.outgoing.connections.proxy == nil)
    }

    @Test func `is read in small letters as well`() throws {
        let settings = try Configuration.load(environment: [
            "https_proxy": "http://p.example:1", "no_proxy": "a.example", "PRESSROOM_CONFIG": "",
        ])
        #expect(settings.outgoing.connections.proxy?.exceptions == ["a.example"])
    }
}
