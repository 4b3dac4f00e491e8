/// What one simulated Wix site holds.
package struct WixSiteState: Sendable {
    /// Who has asked for a token, and with what.
    struct App: Sendable {
        let id: String
        let secret: String
    }
    struct Member: Sendable {
        let id: String
        let email: String
        let nickname: String
    }
    struct Tag: Sendable {
        let id: String
        let label: String
        /// What must be free: two labels that are written almost alike share it.
        let slug: String

        init(id: String, label: String) {
            self.id = id
            self.label = label
            slug = label.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
        }
    }
    struct Category: Sendable {
        let id: String
        let label: String
    }
    struct File: Sendable {
        let id: String
        let contentType: String
        /// Nil for one of the many whose bytes are not kept.
        let bytes: [UInt8]?
        let size: Int
        /// Width and height; nil where the bytes do not say.
        let pixels: (width: Int, height: Int)?
        /// `PENDING` until then.
        let settlesAt: Duration
        /// Whether it is `FAILED` from then on.
        let fails: Bool
    }
    package struct Draft: Sendable {
        package let id: String
        /// As it was sent.
        package var post: JSONObject
        package var slug: String
        package var isPublished = false
        let createdAt: String
        var editedAt: String
        /// Lists and queries do not know it before.
        let listedFrom: Duration
    }

    let instance: String
    /// Nil for a site that was never asked for a token.
    var app: App?
    /// The owner has removed the app: there is no token to be had.
    var isRemoved = false
    /// Unix time of what the app was told last.
    var toldAt = 0
    var members: [Member] = []
    var memberMadeAt: Duration?
    var tags: [Tag] = []
    var categories: [Category] = []
    var files: [String: File] = [:]
    /// The oldest first.
    package var drafts: [Draft] = []
    /// What was deleted, which lists and queries still show.
    var trash: [Draft] = []

    static let filesKeptMax = 200
    static let trashMax = 100

    init(instance: String) { self.instance = instance }

    func draft(_ id: String) -> Draft? { drafts.first { $0.id == id } }

    /// An address that is taken gets a number.
    func freeSlug(_ wish: String) -> String {
        let taken = Set(drafts.map(\.slug))
        return taken.contains(wish) ? (2...).lazy.map { "\(wish)-\($0)" }.first { !taken.contains($0) } ?? wish : wish
    }
}

extension WixSiteState.Member {
    /// - Parameter isFull: with the address, which only the whole of a member has.
    func json(isFull: Bool) -> JSONValue {
        var member = JSONObject([
            ("id", .string(id)), ("status", "APPROVED"),
            ("profile", ["nickname": .string(nickname), "slug": .string(nickname.lowercased())]),
        ])
        if isFull { member["loginEmail"] = .string(email) }
        return .object(member)
    }
}

extension WixSiteState.File {
    func json(baseURL: String, at now: Duration) -> JSONValue {
        let status = now < settlesAt ? "PENDING" : fails ? "FAILED" : "READY"
        var file = JSONObject([
            ("id", .string(id)), ("displayName", .string(id)), ("url", .string("\(baseURL)/wix/media/\(id)")),
            ("parentFolderId", "media-root"), ("mediaType", "IMAGE"), ("operationStatus", .string(status)),
            ("sizeInBytes", .string(String(size))), ("labels", []),
        ])
        // Nobody knows how large it is before it has been looked at.
        if status == "READY", let pixels {
            file["media"] = ["image": ["image": ["width": .int(pixels.width), "height": .int(pixels.height)]]]
        }
        return .object(file)
    }

    /// Width and height of a PNG file; nil for any other.
    static func pixels(of bytes: [UInt8]) -> (width: Int, height: Int)? {
        guard bytes.count >= 24, bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return nil }
        func number(at index: Int) -> Int { bytes[index..<index + 4].reduce(0) { $0 << 8 | Int($1) } }
        return (number(at: 16), number(at: 20))
    }
}

extension WixSiteState.Draft {
    package var title: String { post["title"]?.text ?? "" }

    /// - Parameters:
    ///   - withText: with the text, which is left out unless it is asked for.
    ///   - withURL: the same for the address.
    func json(
        of instance: String, baseURL: String, withText: Bool = false, withURL: Bool = false, isTrash: Bool = false
    ) -> JSONValue {
        let status = isTrash ? "DELETED" : isPublished ? "PUBLISHED" : "UNPUBLISHED"
        var draft = JSONObject([
            ("id", .string(id)), ("title", .string(title)), ("memberId", post["memberId"] ?? .null),
            ("excerpt", post["excerpt"] ?? ""), ("status", .string(status)),
            ("seoSlug", .string(slug)), ("slugs", [.string(slug)]), ("tagIds", post["tagIds"] ?? []),
            ("categoryIds", post["categoryIds"] ?? []), ("hashtags", post["hashtags"] ?? []),
            ("heroImage", post["heroImage"] ?? .null), ("media", post["media"] ?? .null),
            ("seoData", post["seoData"] ?? .null), ("language", post["language"] ?? "en"),
            ("createdDate", .string(createdAt)), ("editedDate", .string(editedAt)), ("hasUnpublishedChanges", true),
        ])
        if withURL {
            draft["url"] = ["base": .string("\(baseURL)/wix/sites/\(instance)"), "path": .string("/post/\(slug)")]
        }
        if withText { draft["richContent"] = post["richContent"] }
        return .object(draft)
    }
}
