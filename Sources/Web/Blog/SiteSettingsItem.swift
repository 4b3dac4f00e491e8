import Blog
import Hummingbird

/// `/api/sites/{id}/settings`: what a site's articles are like when a request does not say otherwise.
struct SiteSettingsItem: Readable, Puttable, Patchable {
    static let path = "/api/sites/{id}/settings"
    let sites: Sites
    let authentication: Authentication

    func get(_ call: Call) async throws -> Response {
        try .json(await authentication.site(of: call, in: sites).settings)
    }

    /// Fields that are absent get their defaults.
    func put(_ call: Call) async throws -> Response {
        let site = try await authentication.site(of: call, in: sites)
        let settings = try SiteSettings.read(call.jsonBytes(), over: SiteSettings())
        return try .json(await sites.update(settings, of: site).settings)
    }

    /// Fields that are absent keep what they are.
    func patch(_ call: Call) async throws -> Response {
        let site = try await authentication.site(of: call, in: sites)
        return try .json(await sites.change(site, by: call.jsonBytes()))
    }
}

extension Authentication {
    /// The site that a path names; another site's look as if they did not exist.
    func site(of call: Call, in sites: Sites) async throws -> Site {
        let id = call.parameter("id")
        switch try await caller(of: call) {
        case .site(let site) where site.instanceID == id: return site
        case .site: throw Problem.siteNotFound
        case .operator: return try await sites.find(id)
        }
    }
}

extension Problem {
    static let siteNotFound = Problem(
        .notFound, code: "site.not_found", detail: "There is no such site.",
        hint: "A key opens the site that it was issued for; its id stands in the key, after `pr_`.")
}
