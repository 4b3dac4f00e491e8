import Blog
import Hummingbird

/// `/api/sites/{id}/credentials`: the app by which a site of its own is opened. Can be stored and removed, never read.
struct SiteCredentialsItem: Readable, Puttable, Deletable {
    static let path = "/api/sites/{id}/credentials"
    let sites: Sites
    let authentication: Authentication

    private struct Listing: Encodable {
        let credentials: [CredentialNote]
    }

    /// Which there are, and since when.
    func get(_ call: Call) async throws -> Response {
        let site = try await authentication.site(of: call, in: sites)
        return try .json(Listing(credentials: await sites.credentials.notes(of: site)))
    }

    func put(_ call: Call) async throws -> Response {
        let site = try await authentication.site(of: call, in: sites)
        let note = try await sites.credentials.set(WixCredentials(reading: call.jsonBytes()), of: site)
        return try .json(Listing(credentials: [note]))
    }

    func delete(_ call: Call) async throws -> Response {
        let site = try await authentication.site(of: call, in: sites)
        try await sites.credentials.remove(of: site)
        return .noContent
    }
}
