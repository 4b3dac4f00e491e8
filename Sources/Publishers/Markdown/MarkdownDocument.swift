/// Markdown as a tree of what we allow and nothing else.
///
/// The text comes from a model or a person and is never trusted. Parsing keeps a short list of things (headings,
/// paragraphs, lists, quotes, code, emphasis, links to http and https); everything else, raw HTML included, stays text
/// and is escaped when it is written. Images are reduced to their alternative text, because an address chosen by a
/// stranger tells that stranger who reads. Parsing takes time in proportion to the text, whatever the text is.
package struct MarkdownDocument: Sendable, Equatable {
    package indirect enum Block: Sendable, Equatable {
        /// 1–6, as written.
        case heading(level: Int, [Inline])
        case paragraph([Inline])
        /// `start` is the first number of an ordered list, nil for bullets.
        case list(start: Int?, items: [[Block]])
        case quote([Block])
        case code(String)
        case rule
    }

    package indirect enum Inline: Sendable, Equatable {
        case text(String)
        case code(String)
        case emphasis([Inline])
        case strong([Inline])
        /// `url` begins with http:// or https://.
        case link(url: String, [Inline])
        case lineBreak
    }

    package var blocks: [Block]

    package init(_ text: String) {
        var parser = MarkdownBlocks(text)
        blocks = parser.parse()
    }

    /// The words alone, for excerpts and counts.
    package var plainText: String { blocks.map(\.plainText).joined(separator: "\n") }

    /// Without a first heading that only repeats `title`, as models like to write it.
    package func withoutHeading(_ title: String) -> MarkdownDocument {
        guard case .heading(_, let inlines)? = blocks.first,
            inlines.plainText.lowercased().filter(\.isLetter) == title.lowercased().filter(\.isLetter)
        else { return self }
        var document = self
        document.blocks.removeFirst()
        return document
    }
}

extension MarkdownDocument.Block {
    fileprivate var plainText: String {
        switch self {
        case .heading(_, let inlines), .paragraph(let inlines): inlines.plainText
        case .list(_, let items): items.joined().map(\.plainText).joined(separator: "\n")
        case .quote(let blocks): blocks.map(\.plainText).joined(separator: "\n")
        case .code(let text): text
        case .rule: ""
        }
    }
}

extension [MarkdownDocument.Inline] {
    /// The same words, leading nowhere.
    var withoutLinks: Self {
        flatMap { inline -> Self in
            switch inline {
            case .text, .code, .lineBreak: [inline]
            case .emphasis(let inner): [.emphasis(inner.withoutLinks)]
            case .strong(let inner): [.strong(inner.withoutLinks)]
            case .link(_, let inner): inner.withoutLinks
            }
        }
    }

    var plainText: String {
        map { inline in
            switch inline {
            case .text(let text), .code(let text): text
            case .emphasis(let inner), .strong(let inner), .link(_, let inner): inner.plainText
            case .lineBreak: " "
            }
        }.joined()
    }
}
