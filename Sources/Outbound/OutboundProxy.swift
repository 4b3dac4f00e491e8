import AsyncHTTPClient

/// An HTTP proxy that stands between this machine and the internet.
///
/// Through a proxy the guard judges names only: the proxy resolves them, so it must refuse private addresses itself.
package struct OutboundProxy: Sendable {
    package var host: String
    package var port: Int
    package var user: String?
    package var password: Secret?
    /// Hosts (with everything below them) that are reached directly. Loopback always is.
    package var exceptions: [String]

    package init(host: String, port: Int, user: String? = nil, password: Secret? = nil, exceptions: [String] = []) {
        self.host = host
        self.port = port
        self.user = user
        self.password = password
        self.exceptions = exceptions
    }

    func serves(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" || host.hasPrefix("127.") { return false }
        return !exceptions.contains { host == $0 || host.hasSuffix(".\($0)") }
    }

    var client: HTTPClient.Configuration.Proxy {
        guard let user else { return .server(host: host, port: port) }
        return .server(
            host: host, port: port,
            authorization: .basic(username: user, password: password?.exposed ?? ""))
    }
}
