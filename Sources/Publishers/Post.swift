import FoundationEssentials

/// An article as every destination understands it.
package struct Post: Sendable, Equatable {
    package var title: String
    /// A wish: a destination cleans it, and appends a number when it is taken.
    package var slug: String
    /// One or two sentences for lists.
    package var excerpt: String
    /// Markdown, without the title. Raw HTML in it is shown as text, never interpreted.
    package var body: String
    /// For search engines; about 155 characters.
    package var metaDescription: String
    package var tags: [String]
    package var author: String
    /// BCP 47, such as "en" or "pt-BR".
    package var language: String
    package var image: PostImage?
    package var origin: Origin
    package var date: Date

    /// Who wrote it. Readers are told.
    package enum Origin: Sendable, Equatable {
        /// Text of a simulated provider: a sample, not an article.
        case sandbox
        case model(String)

        /// What readers are told; empty when nobody knows.
        var note: String {
            switch self {
            case .sandbox: "Sample text and picture from the sandbox: written by no model."
            case .model(let name): name.isEmpty ? "" : "Written with an AI model (\(name))."
            }
        }
    }

    package init(
        title: String, slug: String, excerpt: String, body: String, metaDescription: String, tags: [String] = [],
        author: String, language: String = "en", image: PostImage? = nil, origin: Origin, date: Date
    ) {
        self.title = title
        self.slug = slug
        self.excerpt = excerpt
        self.body = body
        self.metaDescription = metaDescription
        self.tags = tags
        self.author = author
        self.language = language
        self.image = image
        self.origin = origin
        self.date = date
    }
}

/// A post's picture.
package struct PostImage: Sendable, Equatable {
    package var bytes: [UInt8]
    /// "image/png", "image/jpeg" or "image/webp".
    package var contentType: String
    /// For people who do not see it.
    package var altText: String

    package init(bytes: [UInt8], contentType: String, altText: String) {
        self.bytes = bytes
        self.contentType = contentType
        self.altText = altText
    }
    /// Of a file's name, without the dot.
    ///
    /// - Throws: ``PublisherError`` `publisher.invalid_post` for what is no picture.
    var fileExtension: String {
        get throws(PublisherError) {
            switch contentType {
            case "image/png": return "png"
            case "image/jpeg": return "jpg"
            case "image/webp": return "webp"
            default:
                throw PublisherError(
                    .invalidPost, "The image is neither PNG, JPEG nor WebP", hint: "Publish without the image.",
                    retry: .never)
            }
        }
    }
}
