import Foundation
import Outbound
import Publishers

extension Configuration {
    /// The app that Wix sites have installed.
    struct Wix: Sendable {
        let appID: String?
        let appSecret: Secret?
        /// The file with the public half of the key by which Wix signs webhooks, in PEM.
        let publicKeyFile: String?
        let baseURL: OutboundURL
        /// Where the addresses end under which authors are made members of a site.
        let authorDomain: String

        /// Reserved, so that it is nobody's.
        static let standardAuthorDomain = "authors.example.com"
        private static let standardURL = OutboundURL(known: "https://www.wixapis.com")

        init(_ reader: inout SettingReader) {
            appID = reader.optional("WIX_APP_ID", .word("the app's id, a GUID"))
            appSecret = reader.optional("WIX_APP_SECRET", .secret("a secret without blanks"))
            publicKeyFile = reader.optional("WIX_PUBLIC_KEY_FILE", .line("a file in PEM", upTo: 1_000))
            baseURL = reader.value("WIX_BASE_URL", .webAddress, default: Self.standardURL)
            authorDomain = reader.value(
                "WIX_AUTHOR_DOMAIN", .word("a domain such as `authors.example.org`") { $0.contains(".") },
                default: Self.standardAuthorDomain)
        }

        /// Nil without a key.
        /// - Throws: ``CommandError`` `wix.key_unreadable`.
        func webhooks() throws -> WixWebhooks? {
            guard let publicKeyFile else { return nil }
            do { return try WixWebhooks(pem: String(contentsOfFile: publicKeyFile, encoding: .utf8)) } catch {
                throw CommandError(
                    "wix.key_unreadable", "\(publicKeyFile) cannot be read as an RSA public key.",
                    hint: "Save the public key from the app's page, from BEGIN to END, as it is.",
                    status: .configuration)
            }
        }

        /// Nil without an id and a secret.
        var app: WixApp? {
            guard let appID, let appSecret else { return nil }
            var app = template
            app.id = appID
            app.secret = appSecret
            return app
        }

        /// What all apps have in common; opens nothing.
        var template: WixApp {
            var app = WixApp(baseURL: baseURL, id: "", secret: Secret(""))
            app.authorDomain = authorDomain
            return app
        }
    }
}
