import HTTPTypes
import Outbound

/// Publishes to the blog of a Wix site.
///
/// Wix offers no idempotency keys. A draft is found again by the last word of its address, which names the generation; it
/// is looked for before it is made, and published by the recorded id alone.
package struct WixPublisher: Publisher {
    private let site: WixSite

    init(_ site: WixSite) { self.site = site }

    /// What a step costs of the site's limit on calls: a draft with its picture, its author known and two tags new.
    package static let callsPerStep = 8.0

    private struct Answer: Decodable { let draftPost: WixDraft }
    private struct Drafts: Decodable { let draftPosts: [WixDraft]? }

    /// Drafts of a list, the latest edited first, that are looked through for strays.
    private static let pageSize = 100
    private static let pagesMax = 5

    package var listsLag: Bool { true }

    package func createDraft(_ post: Post, marker: String, deadline: Duration) async throws -> DraftReceipt {
        try PostLimits.check(post, marker: marker)
        try WixDraft.check(post)
        let deadline = site.deadline(in: deadline)
        if let known = try await draft(titled: post.title, bearing: marker, until: deadline) {
            // Only who asks for one draft is told its address.
            let whole = try await draft(known.id, until: deadline)
            return DraftReceipt(id: PostID(known.id), url: whole.url?.text)
        }
        let slug = WixDraft.slug(of: post, marker: marker)
        let isRemembered = site.remembersPeople
        let people = try await people(of: post, until: deadline)
        let cover = try await cover(of: post, named: slug, until: deadline)
        let made: WixDraft
        do {
            made = try await make(post, slug, people, cover.id, until: deadline)
        } catch let error as PublisherError where error.code == .invalidPost && isRemembered {
            // The author or a tag may have been deleted since: they are looked for anew, once.
            site.forgetPeople()
            let people = try await self.people(of: post, until: deadline)
            made = try await make(post, slug, people, cover.id, until: deadline)
        }
        if let file = cover.file { site.forgetUpload(named: file) }
        return DraftReceipt(id: PostID(made.id), url: made.url?.text, pictureRefusal: cover.refusal)
    }

    /// Ids of the author and of the tags.
    private typealias People = (author: String, tags: [String])
    /// A picture among the site's media: id and name of its file, or why the site does not take it.
    private typealias Cover = (id: String?, file: String?, refusal: String?)

    private func people(of post: Post, until deadline: WixDeadline) async throws -> People {
        let author = try await site.member(named: post.author, until: deadline)
        return (author, try await site.tagIDs(of: post.tags, language: post.language, until: deadline))
    }

    /// A picture that the site does not take holds no article up.
    private func cover(of post: Post, named name: String, until deadline: WixDeadline) async throws -> Cover {
        guard let picture = post.image else { return (nil, nil, nil) }
        do {
            let ending = try picture.fileExtension
            let file = "\(name).\(ending)"
            return (try await site.upload(picture, named: file, until: deadline), file, nil)
        } catch let error as PublisherError where error.code == .invalidPost {
            return (nil, nil, error.message)
        }
    }

    private func make(
        _ post: Post, _ slug: String, _ people: People, _ image: String?, until deadline: WixDeadline
    ) async throws -> WixDraft {
        let body = try WixDraft.json(post, slug: slug, member: people.author, tags: people.tags, image: image)
        return try await site.call(
            .post, "blog/v3/draft-posts", body: body, as: Answer.self, until: deadline
        ).draftPost
    }

    package func publish(_ draft: PostID, deadline: Duration) async throws -> PublishedReceipt {
        let deadline = site.deadline(in: deadline)
        let path = Self.path(of: draft)
        try await site.send(.post, "\(path)/publish", body: .object([]), about: .draft, until: deadline)
        let published = try await self.draft(draft.text, until: deadline)
        return PublishedReceipt(id: draft, url: published.url?.text ?? "")
    }

    package func strays(of posts: [MarkedPost], deadline: Duration) async throws -> [String: [PostID]] {
        let deadline = site.deadline(in: deadline)
        var strays: [String: [PostID]] = [:]
        for page in 0..<Self.pagesMax {
            let query = "paging.limit=\(Self.pageSize)&paging.offset=\(page * Self.pageSize)"
            let drafts =
                try await site.call(
                    .get, "blog/v3/draft-posts", query: query, as: Drafts.self, until: deadline
                ).draftPosts ?? []
            for post in posts {
                let found = drafts.filter { $0.bears(post.marker) && !$0.isGone }.map { PostID($0.id) }
                strays[post.marker, default: []] += found.filter { $0 != post.kept }
            }
            if drafts.count < Self.pageSize { break }
        }
        return strays
    }

    package func remove(_ post: PostID, deadline: Duration) async throws {
        do {
            try await site.send(.delete, Self.path(of: post), about: .draft, until: site.deadline(in: deadline))
        } catch let error as PublisherError where error.code == .draftMissing {}
    }

    package func checkConnection(deadline: Duration) async throws -> String {
        struct Instance: Decodable {
            struct Site: Decodable {
                let siteDisplayName: String?
                let url: String?
            }
            let site: Site?
        }
        let deadline = site.deadline(in: deadline)
        let found = try await site.call(.get, "apps/v1/instance", as: Instance.self, until: deadline)
        // Whether the blog is there, and ours to read.
        _ = try await site.call(
            .get, "blog/v3/draft-posts", query: "paging.limit=1", as: Drafts.self, until: deadline)
        let name = found.site?.siteDisplayName ?? site.instance
        return "Posts go to the Wix site \(name)\(found.site?.url.map { ", \($0)" } ?? "")"
    }

    private func draft(
        titled title: String, bearing marker: String, until deadline: WixDeadline
    ) async throws -> WixDraft? {
        let filter: JSONText = .object([("title", .object([("$eq", .string(title))]))])
        let query: JSONText = .object([("filter", filter), ("paging", .object([("limit", .integer(Self.pageSize))]))])
        let found = try await site.call(
            .post, "blog/v3/draft-posts/query", body: .object([("query", query)]), as: Drafts.self, until: deadline)
        return found.draftPosts?.first { $0.bears(marker) && !$0.isGone }
    }

    /// One draft, with its address.
    private func draft(_ id: String, until deadline: WixDeadline) async throws -> WixDraft {
        try await site.call(
            .get, Self.path(of: PostID(id)), query: "fieldsets=URL", about: .draft, as: Answer.self, until: deadline
        ).draftPost
    }

    private static func path(of draft: PostID) -> String { "blog/v3/draft-posts/\(OutboundURL.escape(draft.text))" }
}
