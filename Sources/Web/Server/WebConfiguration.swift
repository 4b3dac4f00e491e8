import Engine
import Limits
import Outbound
import Publishers

/// How the server listens, what it shows and to whom, and its limits. Values only; the command line reads them.
package struct WebConfiguration: Sendable {
    package var host = "127.0.0.1"
    /// 0 lets the system choose; what it chose is reported when the server listens.
    package var port = 8080
    /// The address people use when it differs from host and port, without a trailing slash.
    package var publicURL: String?
    /// The operator's key: it opens the pages and, in the API, every site. Without one, nobody is the operator.
    package var operatorToken: Secret?
    package var pages = PageAccess.operatorOnly
    /// The folder that the folder publisher writes to, served read-only under `/output/`; nil serves nothing.
    package var outputFolder: String?
    /// Whether texts and images come from the sandbox: the pages then say so.
    package var showsSandboxContent = false
    /// The secret that signs the image provider's webhooks (`whsec_…`); nil refuses them.
    package var webhookSecret: Secret?
    /// Days that the language models in use will still be there, by name, as far as that is known.
    package var modelDaysLeft: @Sendable () -> [String: Int] = { [:] }
    /// Reads who calls from a Wix dashboard; nil when no app is configured.
    package var wixInstance: WixSignedInstance?
    /// Reads Wix's webhooks; nil when the app's public key is not configured.
    package var wixWebhooks: WixWebhooks?
    /// Origins that may show the pages in a frame; empty for none.
    package var frameAncestors: [String] = []
    /// Which pools the two providers' statistics are about.
    package var providerPools = ProviderPools()
    package var limits = Limits()
    /// Proxies whose `X-Forwarded-For` is believed; nobody else's is.
    package var trustedProxies: [IPNetwork] = []
    /// Addresses that no limit holds, such as those of load tests.
    package var exemptNetworks: [IPNetwork] = []

    package init() {}

    /// Who may see the pages.
    package enum PageAccess: Sendable, Equatable {
        /// Everyone who reaches the server under a name of this machine: for the demo and for a server on loopback.
        case open
        /// Who has signed in with the operator's token.
        case operatorOnly
    }

    /// Bounds of what a caller can take.
    package struct Limits: Sendable {
        /// From the request's head to the first byte of its answer.
        package var requestTimeout: Duration = .seconds(15)
        /// From the request's head to the last byte of its body.
        package var bodyTimeout: Duration = .seconds(10)
        package var bodyBytesMax = 1 << 20
        /// A connection without a byte for so long is closed, unless an answer is on its way.
        package var idleTimeout: Duration = .seconds(60)
        /// A comment is sent so often on a stream on which nothing happens.
        package var heartbeat: Duration = .seconds(15)
        /// Live streams at once; one more is answered with 503.
        package var streamsMax = 5_000
        /// Open connections at once; more wait in the system's backlog.
        package var connectionsMax = 8_000

        package init() {}
    }
}

extension WebConfiguration {
    /// The address to open, once it is known which port was bound.
    package func address(port: Int) -> String {
        publicURL ?? "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    /// Under which names open pages answer: this machine's own, the one listened on, and the public one.
    var hostNames: Set<String> {
        var names: Set<String> = ["localhost", "127.0.0.1", "::1"]
        if host != "0.0.0.0", host != "::" { names.insert(host.lowercased()) }
        if let publicURL, let name = HostName(ofURL: publicURL) { names.insert(name.text) }
        return names
    }
}
