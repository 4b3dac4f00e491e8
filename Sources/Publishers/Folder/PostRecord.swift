import FoundationEssentials

/// What a post's front matter says: all that its page, the index and a later look-up need.
package struct PostRecord: Sendable, Equatable {
    package var slug: String
    package var title: String
    package var date: Date
    package var description = ""
    package var excerpt = ""
    package var tags: [String] = []
    package var author = ""
    package var language = "en"
    package var isDraft = true
    package var marker = ""
    /// A file's name beside the text.
    package var image: String?
    package var imageAlt = ""
    /// Who wrote it: a model's name, or "sandbox".
    package var generatedBy = ""
    package var isSandbox = false
}

extension PostRecord {
    init(_ post: Post, slug: Slug, marker: String, image: String?) {
        self.init(slug: slug.text, title: post.title, date: post.date)
        description = post.metaDescription
        excerpt = post.excerpt
        tags = post.tags
        author = post.author
        language = post.language
        self.marker = marker
        self.image = image
        imageAlt = post.image?.altText ?? ""
        switch post.origin {
        case .sandbox: (generatedBy, isSandbox) = ("sandbox", true)
        case .model(let name): generatedBy = name
        }
    }
}
