/// Decides where requests may go.
///
/// Some addresses come from outside: a tenant's site, an image's URL in a provider's answer. Those may only be https on
/// port 443 of a host whose every address is public, and the connection goes to the very address that was checked, so
/// that a name cannot change its meaning in between. What the operator wrote into the configuration is trusted as it
/// is, the sandbox on loopback included.
package struct DestinationGuard: Sendable {
    package enum Verdict: Sendable, Equatable {
        /// Named by the configuration: connect as asked.
        case trusted
        /// A public address, written as a number: connect as asked.
        case literal
        /// A name: resolve it, then ``choose(_:for:)``.
        case name
    }

    private let trusted: Set<String>

    /// - Parameter bases: addresses from the configuration; their whole origin (scheme, host, port) is trusted.
    package init(trusting bases: [OutboundURL] = []) { trusted = Set(bases.map(\.origin)) }

    /// - Throws: ``OutboundError/Code/refusedDestination`` before anything has been resolved or connected.
    package func judge(_ url: OutboundURL) throws(OutboundError) -> Verdict {
        if trusted.contains(url.origin) { return .trusted }
        guard url.scheme == .https else { throw Self.refusal(url, "only https is allowed") }
        guard url.port == 443 else { throw Self.refusal(url, "only port 443 is allowed") }
        if let address = IPAddress(url.host) {
            guard address.isPublic else { throw Self.refusal(url, "the address is not public") }
            return .literal
        }
        guard url.host.contains("."), !Self.isInternal(url.host) else {
            throw Self.refusal(url, "the name is internal")
        }
        return .name
    }

    /// The address to connect to. One address that is not public condemns the name: resolvers rotate their answers.
    package func choose(_ addresses: [IPAddress], for url: OutboundURL) throws(OutboundError) -> IPAddress {
        guard addresses.allSatisfy(\.isPublic) else {
            throw Self.refusal(url, "the name leads to an address that is not public")
        }
        let preferred = addresses.first { if case .four = $0 { true } else { false } } ?? addresses.first
        guard let preferred else {
            throw OutboundError(.unreachable, "\(url.host) has no address", retry: .backoff, sent: false)
        }
        return preferred
    }

    private static func isInternal(_ host: String) -> Bool {
        ["localhost", "local", "internal", "home.arpa", "lan", "intranet"].contains {
            host == $0 || host.hasSuffix(".\($0)")
        }
    }

    private static func refusal(_ url: OutboundURL, _ why: String) -> OutboundError {
        OutboundError(
            .refusedDestination, "Requests to \(url.origin) are refused: \(why)",
            hint: "Use a public https address, or name this base URL in the configuration to trust it.",
            retry: .never, sent: false)
    }
}
