/// A host without its port and without an IPv6 address's brackets, in lower case.
struct HostName: Sendable, Equatable {
    let text: String

    /// - Parameter authority: such as `localhost:8080` or `[::1]:8080`. Nil without a host.
    init?(ofAuthority authority: some StringProtocol) {
        let host =
            authority.hasPrefix("[")
            ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" }
        guard !host.isEmpty else { return nil }
        text = host.lowercased()
    }

    init?(ofURL url: String) {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        self.init(ofAuthority: url[scheme.upperBound...].prefix { $0 != "/" })
    }
}
