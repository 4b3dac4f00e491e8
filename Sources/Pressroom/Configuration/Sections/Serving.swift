import Limits
import Outbound

extension Configuration {
    /// The HTTP server.
    struct Serving: Sendable {
        /// An address or name to listen on.
        let host: String
        /// 0 lets the system choose.
        let port: Int
        /// The address people use, when it differs from host and port.
        let publicURL: OutboundURL?
        /// The operator's key: it opens the console and every site. Without one, nobody is the operator.
        let adminToken: Secret?
        /// From the first byte of a request to the last byte of its answer, streams excepted.
        let requestTimeout: Duration
        let requestBodyBytesMax: Int
        /// Proxies whose word is taken for the client's address.
        let trustedProxies: [IPNetwork]
        /// Addresses that no limit of requests holds.
        let exemptNetworks: [IPNetwork]
        /// How long requests and jobs may take to end after SIGTERM.
        let drainTimeout: Duration

        init(_ reader: inout SettingReader) {
            let hostName = SettingForm<String>.word("an address or name such as `127.0.0.1`", where: isHostName)
            host = reader.value("HOST", hostName, default: "127.0.0.1")
            port = reader.value("PORT", .integer(in: 0...65_535), default: 8080)
            publicURL = reader.optional("PUBLIC_URL", .webAddress)
            adminToken = reader.optional("ADMIN_TOKEN", .secret("at least 16 characters without blanks", atLeast: 16))
            requestTimeout = reader.value(
                "REQUEST_TIMEOUT", .duration(in: .milliseconds(100)...(.seconds(600))), default: .seconds(15))
            requestBodyBytesMax = reader.value("REQUEST_BODY_MAX", .bytes(in: 1_024...(64 << 20)), default: 1 << 20)
            trustedProxies = reader.value("TRUSTED_PROXIES", .networks, default: [])
            exemptNetworks = reader.value("RATE_LIMIT_EXEMPT_CIDRS", .networks, default: [])
            drainTimeout = reader.value("DRAIN_TIMEOUT", .duration(in: .zero...(.seconds(600))), default: .seconds(30))
        }

        /// IPv6 addresses need brackets in addresses.
        var hostInURL: String { host.contains(":") ? "[\(host)]" : host }
    }
}

private func isHostName(_ text: String) -> Bool {
    text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".:-_%".contains($0)) }
}
