import Testing

@testable import Outbound

@Suite struct `An address` {
    @Test(arguments: [
        "", "example.com", "ftp://example.com/", "file:///etc/passwd", "https://", "https:///path",
        "https://user@example.com/", "https://user:pw@example.com/", "https://example.com./", "https://exa mple.com/",
        "https://exämple.com/", "https://example。com/", "https://example.com:0/", "https://example.com:65536/",
        "https://example.com:+80/", "https://example.com:/", "https://2130706433/", "https://0177.0.0.1/",
        "https://0x7f.0.0.1/", "https://127.1/", "https://127.0.0.1.5/", "https://[::1/", "https://[zz]/",
        "https://example.com\\@evil.com/", "https://example.com#frag", "https://a..b/", "https://example.com/\r\nX: y",
        "https://example.com/\u{0}", "https://[::1%25eth0]/",
    ])
    func `is refused when two readers could disagree about it`(_ text: String) {
        let error = #expect(throws: OutboundError.self) { try OutboundURL(text) }
        #expect(error?.code == .invalidURL)
    }

    @Test func `is taken apart once`() throws {
        let url = try OutboundURL("HTTPS://API.Example.com:8443/v1/a%20b?key=1&x=?")

        #expect(url.origin == "https://api.example.com:8443")
        #expect(url.path == "/v1/a%20b")
        #expect(url.query == "key=1&x=?")
        #expect(url.full == "https://api.example.com:8443/v1/a%20b?key=1&x=?")
    }

    @Test func `never prints its query`() throws {
        let url = try OutboundURL("https://api.example.com/v1?token=abc")
        var dumped = ""
        dump(url, to: &dumped)

        for text in ["\(url)", String(reflecting: url), dumped] { #expect(!text.contains("abc")) }
    }

    @Test func `grows below its base, with or without a slash at the end`() throws {
        #expect(try OutboundURL("https://h.io/v1").appending("models").full == "https://h.io/v1/models")
        #expect(
            try OutboundURL("https://h.io/v1/").appending("models", query: "a=1").full == "https://h.io/v1/models?a=1")
        #expect(try OutboundURL("https://h.io").appending("models").full == "https://h.io/models")
    }

    @Test func `escapes what may not stand in a path`() {
        #expect(OutboundURL.escape("a/b ü?") == "a%2Fb%20%C3%BC%3F")
    }

    @Test(arguments: 0..<2_000)
    func `never traps on noise`(_ seed: Int) {
        var noise = SplitMix(seed: UInt64(seed))
        let alphabet = Array("htps:/@[].#?%\\0x7f1-_ aé\u{0}\n")
        let text =
            "https://"
            + String((0..<Int.random(in: 0...40, using: &noise)).map { _ in alphabet.randomElement(using: &noise)! })
        // Any outcome but a trap will do; what parses must parse again to the same.
        if let url = try? OutboundURL(text) { #expect((try? OutboundURL(url.full)) == url) }
    }
}

/// A seeded source of chance.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
