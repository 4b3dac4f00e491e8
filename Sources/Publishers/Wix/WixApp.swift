import Outbound

/// The app that Wix knows us as. Its secret opens every site that has installed it.
package struct WixApp: Sendable {
    package var baseURL: OutboundURL
    package var id: String
    package var secret: Secret
    /// The domain of the addresses under which authors are made members of a site. Nothing is sent to them.
    package var authorDomain = "authors.example.com"

    package init(baseURL: OutboundURL, id: String, secret: Secret) {
        self.baseURL = baseURL
        self.id = id
        self.secret = secret
    }
}
