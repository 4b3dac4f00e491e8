/// Pages and pictures of the simulated sites, for people who look.
extension SandboxCore {
    /// Nil for a call of the API.
    func wixVisit(_ steps: [String], _ request: ProviderRequest, at now: Duration) -> ProviderResponse? {
        guard request.method == "GET" else { return nil }
        if steps.count == 2, steps[0] == "media" {
            let found = wix.sites.values.lazy.compactMap { $0.files[steps[1]] }.first
            guard let found, let bytes = found.bytes, now >= found.settlesAt, !found.fails else {
                return WixProblem.notFound.response
            }
            return ProviderResponse(status: 200, headers: [("content-type", found.contentType)], body: bytes)
        }
        guard steps.count >= 2, steps[0] == "sites" else { return nil }
        guard let site = wix[steps[1]] else { return WixProblem.notFound.response }
        switch steps.dropFirst(2).first {
        case nil: return .json(Self.inventory(of: site, baseURL: request.baseURL))
        case "post" where steps.count == 4:
            guard let draft = site.drafts.first(where: { $0.slug == steps[3] }) else {
                return WixProblem.notFound.response
            }
            return .html(WixPage.html(of: draft, on: site, baseURL: request.baseURL), status: 200)
        default: return WixProblem.notFound.response
        }
    }

    /// What a site has, all of it but the texts.
    private static func inventory(of site: WixSiteState, baseURL: String) -> JSONValue {
        let drafts = site.drafts.map { $0.json(of: site.instance, baseURL: baseURL, withURL: true) }
        return [
            "instanceId": .string(site.instance), "isInstalled": .bool(!site.isRemoved), "draftPosts": .array(drafts),
            "members": .array(site.members.map { $0.json(isFull: true) }),
            "tags": .array(site.tags.map { tag -> JSONValue in ["id": .string(tag.id), "label": .string(tag.label)] }),
        ]
    }
}
