import Crypto
import Outbound

/// A draft as Wix sends and takes it.
struct WixDraft: Decodable {
    struct Address: Decodable {
        let base: String?
        let path: String?
        var text: String? {
            guard let base, let path else { return nil }
            return base + path
        }
    }
    let id: String
    let status: String?
    let seoSlug: String?
    let slugs: [String]?
    let url: Address?

    /// Somebody has deleted it: it lies in the site's trash.
    var isGone: Bool { status == "DELETED" }

    /// What a draft document may have, in bytes.
    static let bytesMax = 400 << 10
    /// In UTF-16 units, as Wix counts at the most.
    static let excerptMax = 500
    private static let titleMax = 200
    private static let slugMax = 100

    /// Whether this is a draft of the marker's: Wix may add to an address that is taken, but keeps what we wrote.
    func bears(_ marker: String) -> Bool {
        let mark = Self.mark(of: marker)
        return ((slugs ?? []) + [seoSlug ?? ""]).contains { $0.split(separator: "-").contains { $0 == mark } }
    }

    /// Wix keeps nothing of ours but the address: its last word names the generation.
    static func slug(of post: Post, marker: String) -> String {
        let mark = mark(of: marker)
        let wish = Slug(cleaning: post.slug.isEmpty ? post.title : post.slug).text
        var short = wish.prefix(slugMax - mark.count - 1)
        while short.last == "-" { short = short.dropLast() }
        return "\(short)-\(mark)"
    }

    private static func mark(of marker: String) -> String { "p\(shortHash(of: marker))" }

    /// Sixty bits, as letters and digits.
    static func shortHash(of text: String) -> String {
        let digits = Array("abcdefghijklmnopqrstuvwxyz234567")
        return String(SHA256.hash(data: Array(text.utf8)).prefix(12).map { digits[Int($0 & 31)] })
    }

    /// The beginning of a text, of whole characters.
    static func cut(_ text: String, to length: Int) -> String {
        guard text.utf16.count > length else { return text }
        var short = text.prefix(length)
        while short.utf16.count > length { short = short.dropLast() }
        return String(short)
    }

    /// What can be said of a post before anything is sent.
    ///
    /// - Throws: ``PublisherError/Code/invalidPost``.
    static func check(_ post: Post) throws(PublisherError) {
        guard post.title.utf16.count <= titleMax else {
            throw PublisherError(
                .invalidPost, "The title has more than the \(titleMax) characters that Wix takes", hint: "Shorten it.",
                retry: .never)
        }
    }

    /// The body of a request that makes the draft.
    ///
    /// - Throws: ``PublisherError/Code/invalidPost`` for what is too large.
    static func json(
        _ post: Post, slug: String, member: String, tags: [String], image: String?
    ) throws(PublisherError) -> JSONText {
        var document = MarkdownDocument(post.body).withoutHeading(post.title)
        if !post.origin.note.isEmpty { document.blocks.append(.paragraph([.emphasis([.text(post.origin.note)])])) }
        let body = RicosDocument(document)
        let cover: JSONText? = image.map { .object([("id", .string($0))]) }
        let draft: JSONText = .object([
            ("title", .string(post.title)), ("memberId", .string(member)),
            ("excerpt", .string(cut(post.excerpt, to: excerptMax))),
            ("language", .string(post.language)), ("seoSlug", .string(slug)),
            ("tagIds", .array(tags.map { .string($0) })),
            // Pages show the one, the app for phones the other.
            ("heroImage", cover),
            (
                "media",
                cover.map {
                    .object([
                        ("displayed", .bool(true)), ("custom", .bool(true)),
                        ("wixMedia", .object([("image", $0)])),
                    ])
                }
            ),
            ("seoData", .object([("tags", .array(seoTags(post)))])),
            ("richContent", body.json),
        ])
        let request: JSONText = .object([
            ("draftPost", draft), ("publish", .bool(false)), ("fieldsets", .array([.string("URL")])),
        ])
        guard request.bytes.count <= bytesMax else {
            throw PublisherError(
                .invalidPost, "The post is larger than the \(bytesMax >> 10) KB that Wix takes",
                hint: "Ask for a shorter article.", retry: .never)
        }
        return request
    }

    private static func seoTags(_ post: Post) -> [JSONText] {
        let title: JSONText = .object([
            ("type", .string("title")), ("children", .string(post.title)), ("custom", .bool(false)),
            ("disabled", .bool(false)),
        ])
        let description: JSONText = .object([
            ("type", .string("meta")),
            (
                "props",
                .object([("name", .string("description")), ("content", .string(post.metaDescription))])
            ), ("custom", .bool(false)), ("disabled", .bool(false)),
        ])
        return post.metaDescription.isEmpty ? [title] : [title, description]
    }
}
