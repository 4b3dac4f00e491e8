extension MarkdownDocument {
    /// HTML that is safe to place in a page: known elements only, every text escaped, links without referrer.
    ///
    /// - Parameter topLevel: what the document's highest heading becomes; the page itself usually owns `<h1>`.
    package func html(topLevel: Int = 2) -> String {
        let highest = blocks.compactMap { if case .heading(let level, _) = $0 { level } else { nil } }.min() ?? 1
        return Self.html(blocks, shift: topLevel - highest)
    }

    private static func html(_ blocks: [Block], shift: Int) -> String {
        blocks.map { html($0, shift: shift) }.joined(separator: "\n")
    }

    private static func html(_ block: Block, shift: Int) -> String {
        switch block {
        case .heading(let level, let inlines):
            let name = "h\(min(max(level + shift, 1), 6))"
            return "<\(name)>\(html(inlines))</\(name)>"
        case .paragraph(let inlines): return "<p>\(html(inlines))</p>"
        case .quote(let inner): return "<blockquote>\n\(html(inner, shift: shift))\n</blockquote>"
        case .code(let text): return "<pre><code>\(HTMLText.escape(text))</code></pre>"
        case .rule: return "<hr>"
        case .list(let start, let items):
            let body = items.map { "<li>\(item($0, shift: shift))</li>" }.joined(separator: "\n")
            guard let start else { return "<ul>\n\(body)\n</ul>" }
            return start == 1 ? "<ol>\n\(body)\n</ol>" : "<ol start=\"\(start)\">\n\(body)\n</ol>"
        }
    }

    /// A paragraph that begins an item needs no element of its own.
    private static func item(_ blocks: [Block], shift: Int) -> String {
        guard case .paragraph(let inlines)? = blocks.first else { return html(blocks, shift: shift) }
        let rest = html(Array(blocks.dropFirst()), shift: shift)
        return rest.isEmpty ? html(inlines) : "\(html(inlines))\n\(rest)"
    }

    private static func html(_ inlines: [Inline]) -> String {
        inlines.map { inline in
            switch inline {
            case .text(let text): HTMLText.escape(text)
            case .code(let text): "<code>\(HTMLText.escape(text))</code>"
            case .emphasis(let inner): "<em>\(html(inner))</em>"
            case .strong(let inner): "<strong>\(html(inner))</strong>"
            case .link(let url, let inner):
                "<a href=\"\(HTMLText.escape(url))\" rel=\"nofollow noopener noreferrer ugc\">\(html(inner))</a>"
            case .lineBreak: "<br>\n"
            }
        }.joined()
    }
}
