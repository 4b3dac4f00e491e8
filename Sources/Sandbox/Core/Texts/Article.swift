/// An article as the sandbox writes it.
package struct Article: Sendable, Equatable {
    package enum Block: Sendable, Equatable {
        case paragraph(String)
        case subheading(String)
        case list([String], isOrdered: Bool)
    }

    package struct Section: Sendable, Equatable {
        /// Nil for what stands before the first heading.
        package var heading: String?
        package var blocks: [Block]
    }

    /// What every text ends with, so that nobody takes it for more than it is.
    package static let mark =
        "Sandbox text: written by Pressroom's built-in simulator, not by a language model."

    package var title: String
    package var slug: String
    package var excerpt: String
    package var metaDescription: String
    package var tags: [String]
    package var imagePrompt: String
    package var altText: String
    package var sections: [Section]
    /// The mark, and what else must be said about this text.
    package var closing: String

    package var markdown: String { sections.map(\.markdown).joined(separator: "\n\n") + "\n\n---\n\n*\(closing)*\n" }

    package var html: String { sections.map(\.html).joined(separator: "\n") + "\n<hr>\n<p><em>\(closing)</em></p>\n" }

    /// Words of the text itself, without the closing mark.
    package var wordCount: Int { sections.reduce(0) { $0 + $1.wordCount } }
}

extension Article.Section {
    package var wordCount: Int { (heading?.words ?? 0) + blocks.reduce(0) { $0 + $1.wordCount } }

    package var markdown: String {
        ((heading.map { ["## \($0)"] } ?? []) + blocks.map(\.markdown)).joined(separator: "\n\n")
    }

    /// Everything below the heading.
    package var bodyMarkdown: String { blocks.map(\.markdown).joined(separator: "\n\n") }

    package var html: String {
        ((heading.map { ["<h2>\($0.escapedForHTML)</h2>"] } ?? []) + blocks.map(\.html)).joined(separator: "\n")
    }
}

extension Article.Block {
    var wordCount: Int {
        switch self {
        case .paragraph(let text), .subheading(let text): text.words
        case .list(let items, _): items.reduce(0) { $0 + $1.words }
        }
    }

    var markdown: String {
        switch self {
        case .paragraph(let text): text
        case .subheading(let text): "### \(text)"
        case .list(let items, let isOrdered):
            items.enumerated().map { isOrdered ? "\($0 + 1). \($1)" : "- \($1)" }.joined(separator: "\n")
        }
    }

    var html: String {
        switch self {
        case .paragraph(let text): return "<p>\(text.escapedForHTML)</p>"
        case .subheading(let text): return "<h3>\(text.escapedForHTML)</h3>"
        case .list(let items, let isOrdered):
            let tag = isOrdered ? "ol" : "ul"
            return "<\(tag)>" + items.map { "<li>\($0.escapedForHTML)</li>" }.joined() + "</\(tag)>"
        }
    }
}

extension String {
    /// Words separated by white space.
    /// By scalars: to find the borders of characters takes ten times as long.
    var words: Int {
        var count = 0
        var isInside = false
        for scalar in unicodeScalars {
            let isBlank = scalar.isASCII ? scalar.value <= 0x20 : scalar.properties.isWhitespace
            if !isBlank, !isInside { count += 1 }
            isInside = !isBlank
        }
        return count
    }

    var escapedForHTML: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
