/// Drafts and posts of simulated Wix sites.
extension SandboxCore {
    private static let documentBytesMax = 400 << 10
    private static let bulkMax = 20
    private static let imagePrefix = "wix:image://"

    mutating func draftAnswer(
        _ steps: [String], _ instance: String, _ request: ProviderRequest, at now: Duration
    ) throws(WixProblem) -> JSONValue {
        guard Array(steps.prefix(3)) == ["blog", "v3", "draft-posts"] else { throw .notFound }
        let rest = Array(steps.dropFirst(3))
        let withURL = request.wixFieldNames("fieldsets").contains("URL")
        switch (request.method, rest.count) {
        case ("POST", 0): return try makeDraft(request, of: instance, at: now)
        case ("GET", 0):
            return listedDrafts(
                of: instance, request, offset: request.query["paging.offset"].flatMap { Int($0) } ?? 0,
                limit: request.query["paging.limit"].flatMap { Int($0) } ?? 50, status: request.query["status"],
                withURL: withURL, at: now)
        case ("POST", 1) where rest[0] == "query": return try queryDrafts(request, of: instance, at: now)
        case ("GET", 1):
            guard let draft = wix[instance]?.draft(rest[0]) else { throw .notFound }
            let withText = request.wixFieldNames("fieldsets").contains("RICH_CONTENT")
            return [
                "draftPost": draft.json(
                    of: instance, baseURL: request.baseURL, withText: withText, withURL: withURL)
            ]
        case ("DELETE", 1):
            try trashDraft(rest[0], of: instance)
            return .object(JSONObject())
        case ("POST", 2) where rest[1] == "publish":
            try publishDraft(rest[0], of: instance, at: now)
            return ["postId": .string(rest[0])]
        default: throw .notFound
        }
    }

    // MARK: Looking

    private func queryDrafts(
        _ request: ProviderRequest, of instance: String, at now: Duration
    ) throws(WixProblem) -> JSONValue {
        let body = try request.wixBody()
        let query = body["query"]
        let title = query?["filter"]?["title"]?["$eq"]?.text
        let withURL = (body["fieldsets"]?.items ?? []).contains("URL")
        return listedDrafts(
            of: instance, request, offset: query?["paging"]?["offset"]?.whole ?? 0,
            limit: query?["paging"]?["limit"]?.whole ?? 50, title: title, withURL: withURL, at: now)
    }

    /// The latest first, then what was deleted: that, too, is listed, with its status.
    private func listedDrafts(
        of instance: String, _ request: ProviderRequest, offset: Int, limit: Int, title: String? = nil,
        status: String? = nil, withURL: Bool, at now: Duration
    ) -> JSONValue {
        let site = wix[instance]
        func json(_ drafts: [WixSiteState.Draft]?, isTrash: Bool) -> [JSONValue] {
            (drafts ?? []).reversed().filter { $0.listedFrom <= now && (title == nil || $0.title == title) }
                .map { $0.json(of: instance, baseURL: request.baseURL, withURL: withURL, isTrash: isTrash) }
        }
        let all = json(site?.drafts, isTrash: false) + json(site?.trash, isTrash: true)
        let found = all.filter { status == nil || $0["status"]?.text == status }
        let page = found.dropFirst(max(0, offset)).prefix(min(max(0, limit), 100))
        return [
            "draftPosts": .array(Array(page)),
            "pagingMetadata": [
                "count": .int(page.count), "offset": .int(max(0, offset)), "total": .int(found.count),
            ],
        ]
    }

    // MARK: Changing

    private mutating func trashDraft(_ id: String, of instance: String) throws(WixProblem) {
        guard let index = wix[instance]?.drafts.firstIndex(where: { $0.id == id }) else { throw .notFound }
        guard let draft = wix[instance]?.drafts.remove(at: index) else { throw .notFound }
        wix[instance]?.trash.append(draft)
        if let count = wix[instance]?.trash.count, count > WixSiteState.trashMax {
            wix[instance]?.trash.removeFirst(count - WixSiteState.trashMax)
        }
    }

    private mutating func publishDraft(_ id: String, of instance: String, at now: Duration) throws(WixProblem) {
        guard let index = wix[instance]?.drafts.firstIndex(where: { $0.id == id }) else { throw .notFound }
        let isNew = wix[instance]?.drafts[index].isPublished == false
        wix[instance]?.drafts[index].isPublished = true
        wix[instance]?.drafts[index].editedAt = scale.stamp(at: now)
        guard isNew else { return }
        let event = wix.guid()
        tellWixApp(
            "wix.blog.v3.post_created", about: instance,
            data: [
                "id": .string(event), "entityFqdn": "wix.blog.v3.post", "slug": "created", "entityId": .string(id),
            ], at: now)
    }

    private mutating func makeDraft(
        _ request: ProviderRequest, of instance: String, at now: Duration
    ) throws(WixProblem) -> JSONValue {
        guard request.body.count <= Self.documentBytesMax else {
            throw WixProblem(status: 413, "the document is too large", code: "PAYLOAD_TOO_LARGE")
        }
        let body = try request.wixBody()
        guard let post = body["draftPost"]?.object else {
            throw .invalid("draftPost", "must not be empty", rule: "REQUIRED")
        }
        let draft = try keepDraft(post, of: instance, at: now)
        let withURL = (body["fieldsets"]?.items ?? []).contains("URL")
        return ["draftPost": draft.json(of: instance, baseURL: request.baseURL, withURL: withURL)]
    }

    /// Several at once, without the wrapper that a single one has: answered with 200 also when some were refused.
    mutating func makeDrafts(
        _ request: ProviderRequest, of instance: String, at now: Duration
    ) throws(WixProblem) -> JSONValue {
        guard let posts = try request.wixBody()["draftPosts"]?.items, (1...Self.bulkMax).contains(posts.count) else {
            throw .invalid("draftPosts", "must have 1 to \(Self.bulkMax) posts", rule: "MAX_SIZE")
        }
        var results: [JSONValue] = []
        var failures = 0
        for (index, post) in posts.enumerated() {
            var result = JSONObject([("originalIndex", .int(index))])
            do throws(WixProblem) {
                let draft = try keepDraft(post.object ?? JSONObject(), of: instance, at: now)
                result["id"] = .string(draft.id)
                result["success"] = true
            } catch {
                failures += 1
                result["success"] = false
                result["error"] = ["code": JSONValue(error.code ?? error.rule), "description": .string(error.message)]
            }
            results.append(["itemMetadata": .object(result)])
        }
        return [
            "results": .array(results),
            "bulkActionMetadata": [
                "totalSuccesses": .int(posts.count - failures), "totalFailures": .int(failures),
            ],
        ]
    }

    private mutating func keepDraft(
        _ post: JSONObject, of instance: String, at now: Duration
    ) throws(WixProblem) -> WixSiteState.Draft {
        let slug = try checked(post, of: instance)
        var kept = post
        // What is not there is left out without a word.
        kept["tagIds"] = .array(knownIDs(post["tagIds"], among: wix[instance]?.tags.map(\.id)))
        kept["categoryIds"] = .array(knownIDs(post["categoryIds"], among: wix[instance]?.categories.map(\.id)))
        let time = scale.stamp(at: now)
        let draft = WixSiteState.Draft(
            id: wix.guid(), post: kept, slug: wix[instance]?.freeSlug(slug) ?? slug, createdAt: time, editedAt: time,
            listedFrom: now + .seconds(wix.conditions.listSeconds))
        wix[instance]?.drafts.append(draft)
        return draft
    }

    private func knownIDs(_ ids: JSONValue?, among all: [String]?) -> [JSONValue] {
        let all = Set(all ?? [])
        return (ids?.items ?? []).filter { all.contains($0.text ?? "") }
    }

    /// - Returns: the address that it is to have.
    /// - Throws: what is wrong first.
    private func checked(_ post: JSONObject, of instance: String) throws(WixProblem) -> String {
        guard let title = post["title"]?.text, (1...200).contains(title.utf16.count) else {
            throw .invalid("draftPost.title", "must have 1 to 200 characters", rule: "MIN_LENGTH")
        }
        guard let member = post["memberId"]?.text else {
            throw WixProblem(status: 400, "Missing post owner information", code: "MISSING_OWNER")
        }
        guard wix[instance]?.members.contains(where: { $0.id == member }) == true else {
            throw WixProblem(status: 400, "memberIds [\(member)] do not exist", code: "MEMBERS_NOT_FOUND")
        }
        guard (post["excerpt"]?.text?.utf16.count ?? 0) <= 500 else {
            throw .invalid("draftPost.excerpt", "has more than 500 characters", rule: "MAX_LENGTH")
        }
        for (name, most) in [("tagIds", 30), ("categoryIds", 10), ("hashtags", 100)] {
            let items = post[name]?.items ?? []
            guard items.count <= most else {
                throw .invalid("draftPost.\(name)", "has more than \(most)", rule: "MAX_SIZE")
            }
            guard items.allSatisfy({ ($0.text?.utf16.count ?? 0) <= 100 }) else {
                throw .invalid("draftPost.\(name)", "has one that is too long", rule: "MAX_LENGTH")
            }
        }
        try checkCover(post, of: instance)
        try RicosRules.check(post["richContent"])
        let slug = post["seoSlug"]?.text ?? title.lowercased().filter { $0.isLetter || $0.isNumber }
        guard slug.utf8.count <= 100 else { throw .invalid("draftPost.seoSlug", "is too long", rule: "MAX_LENGTH") }
        return slug
    }

    /// A file may be named before it is ready, by its bare id.
    private func checkCover(_ post: JSONObject, of instance: String) throws(WixProblem) {
        let shown = post["media"]?["wixMedia"]?["image"]?["id"]?.text
        for (name, id) in [("media", shown), ("heroImage", post["heroImage"]?["id"]?.text)] {
            guard let id else { continue }
            guard !id.hasPrefix(Self.imagePrefix), wix[instance]?.files[id] != nil else {
                throw .invalid("draftPost.\(name)", "there is no such file")
            }
        }
    }
}
