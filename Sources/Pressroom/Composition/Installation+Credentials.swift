import Blog
import Foundation
import Publishers

extension Installation {
    /// What seals single sites' credentials: the keys that are set, or one that is kept beside an SQLite database. Nil where
    /// none can be kept.
    static func credentialVault(_ settings: Configuration, _ storage: OpenStorage) throws -> CredentialVault? {
        guard let path = settings.publishing.credentialsKeyFile else {
            guard let database = storage.sqlitePath else { return nil }
            let kept = try KeptSecret.credentialsKey.kept(besideDatabase: database, random: Surroundings.random)
            return CredentialVault(keys: String(decoding: kept, as: UTF8.self))
        }
        return try vault(in: path)
    }

    /// - Throws: ``CommandError`` `credentials.key_unreadable`.
    static func vault(in path: String) throws -> CredentialVault {
        let text = try? String(contentsOfFile: path, encoding: .utf8)  // Said below.
        guard let vault = text.flatMap(CredentialVault.init(keys:)) else {
            throw CommandError(
                "credentials.key_unreadable", "\(path) does not hold a key.",
                hint: "Put 32 random bytes in Base64 on a line of it: openssl rand -base64 32", status: .configuration)
        }
        return vault
    }

    /// The app that opens a site: its own, or the installation's.
    static func wixApp(
        of providers: ProviderConnections, _ credentials: SiteCredentials
    ) -> @Sendable (String) async throws -> WixPublishers? {
        { site in
            do {
                guard let own = try await credentials.wix(ofInstance: site) else { return providers.wix.own }
                return providers.wix.publishers(appID: own.appID, secret: own.appSecret)
            } catch let error as BlogError {
                // A process that was started before the key was changed; the next attempt may be another's.
                throw PublisherError(
                    .unwritable, error.message, hint: error.hint, retry: .after(.seconds(60)))
            }
        }
    }
}
