/// Finds out whose request it is, behind proxies.
package struct ClientAddresses: Sendable {
    /// Proxies whose word is taken for who stands before them; nobody else's is.
    private let trusted: [IPNetwork]

    package init(trusting trusted: [IPNetwork]) { self.trusted = trusted }

    /// The client's address: the first from the right that is not a trusted proxy's.
    ///
    /// Each proxy appends whom it heard; what stands left of an address that is not trusted is that one's own claim. What is
    /// no address is treated as the claim of the proxy behind it.
    /// - Parameters:
    ///   - peer: who opened the connection; nil over a socket in the file system, where nobody is believed.
    ///   - forwardedFor: the values of `X-Forwarded-For`, in the order of the lines.
    package func client(peer: IPAddress?, forwardedFor: [String]) -> IPAddress? {
        guard var client = peer else { return nil }
        var hops = forwardedFor.flatMap { $0.split(separator: ",") }[...]
        while isTrusted(client), let hop = hops.popLast() {
            guard let address = Self.address(ofHop: hop) else { break }
            client = address
        }
        return client
    }

    private func isTrusted(_ address: IPAddress) -> Bool { trusted.contains { $0.contains(address) } }

    /// Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
    private static func address(ofHop hop: Substring) -> IPAddress? {
        let text = hop.trimming(while: { $0 == " " || $0 == "\t" || $0 == "\"" })
        if text.first == "[" { return IPAddress(text.dropFirst().prefix { $0 != "]" }) }
        return IPAddress(text) ?? IPAddress(text.prefix { $0 != ":" })
    }
}

extension Substring {
    fileprivate func trimming(while isBlank: (Character) -> Bool) -> Substring {
        var rest = drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }
}
