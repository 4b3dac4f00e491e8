import Testing

@testable import Limits

@Suite struct `An address` {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("2001:DB8:0:0::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"), ("::1", "::1"), ("0.0.0.0", "0.0.0.0"),
    ]) func `is read in every usual notation`(_ text: String, _ shown: String) {
        #expect(IPAddress(text)?.description == shown)
    }

    @Test(arguments: ["", "1.2.3", "1.2.3.4.5", "256.1.1.1", "::g", "localhost", "1.2.3.4/8", " 1.2.3.4", "unknown"])
    func `is nothing else`(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func `counts by its /64 when it is long`() throws {
        let one = try #require(IPAddress("2001:db8:1:2:aaaa::1"))
        let two = try #require(IPAddress("2001:db8:1:2:bbbb::2"))
        let other = try #require(IPAddress("2001:db8:1:3::1"))

        #expect(LimitSubject.address(one).text == "2001:db8:1:2::/64")
        #expect(LimitSubject.address(one).text == LimitSubject.address(two).text)
        #expect(LimitSubject.address(one).text != LimitSubject.address(other).text)
        #expect(LimitSubject.address(try #require(IPAddress("192.0.2.9"))).text == "192.0.2.9")
    }
}

@Suite struct `A network` {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.1.1", true), ("10.0.0.0/8", "11.0.0.0", false), ("0.0.0.0/0", "8.8.8.8", true),
        ("0.0.0.0/0", "::1", false), ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false),
        ("::/0", "2001:db8::1", true), ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("::1/128", "::1", true),
    ]) func `holds its addresses`(_ network: String, _ address: String, _ isInside: Bool) throws {
        #expect(try #require(IPNetwork(network)).contains(try #require(IPAddress(address))) == isInside)
    }

    @Test(arguments: [
        "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10/8", "x", "", "::/129", "10.0.0.0/+8",
    ])
    func `is refused when it cannot be meant`(_ text: String) {
        #expect(IPNetwork(text) == nil)
    }
}

@Suite struct `A client's address` {
    private let addresses = ClientAddresses(trusting: ["10.0.0.0/8", "2001:db8::/32"].compactMap { IPNetwork($0) })

    private func client(_ peer: String, _ forwardedFor: String...) -> String? {
        addresses.client(peer: IPAddress(peer), forwardedFor: forwardedFor)?.description
    }

    @Test func `is the peer's when that is no proxy of ours`() {
        #expect(client("192.0.2.1") == "192.0.2.1")
        #expect(client("192.0.2.1", "203.0.113.9") == "192.0.2.1")
        #expect(client("192.0.2.1", "10.0.0.1") == "192.0.2.1")
    }

    @Test func `is what our proxy says, and not what stands left of it`() {
        #expect(client("10.0.0.1", "203.0.113.9") == "203.0.113.9")
        #expect(client("10.0.0.1", "1.1.1.1, 203.0.113.9") == "203.0.113.9")
        #expect(client("10.0.0.1", "1.1.1.1", "203.0.113.9, 10.0.0.2") == "203.0.113.9")
        #expect(client("2001:db8::1", "1.1.1.1, 10.0.0.3 , 10.0.0.2") == "1.1.1.1")
    }

    @Test func `is the outermost proxy's when all are ours`() {
        #expect(client("10.0.0.1", "10.0.0.3, 10.0.0.2") == "10.0.0.3")
        #expect(client("10.0.0.1") == "10.0.0.1")
    }

    @Test(arguments: ["unknown", "", "x, ", "1.2.3.4.5", "_hidden", "' or 1=1 --"])
    func `is the proxy's when that says nonsense`(_ header: String) {
        #expect(client("10.0.0.1", header) == "10.0.0.1")
    }

    @Test func `may come with a port`() {
        #expect(client("10.0.0.1", "203.0.113.9:4711") == "203.0.113.9")
        #expect(client("10.0.0.1", "[2a00::7]:4711") == "2a00::7")
        #expect(client("10.0.0.1", "2a00::7") == "2a00::7")
    }

    @Test func `is unknown without a peer`() {
        #expect(addresses.client(peer: nil, forwardedFor: ["203.0.113.9"]) == nil)
    }
}
