import FoundationEssentials

/// One post as a page for reading.
struct ArticlePage {
    let record: PostRecord
    /// Markdown.
    let text: String
    let siteTitle: String

    var html: String {
        Page(title: record.title, description: record.description, language: record.language, body: body).html
    }

    private var body: String {
        let document = MarkdownDocument(text).withoutHeading(record.title)
        return [
            "<main>", "<nav><a href=\"../index.html\">← \(HTMLText.escape(siteTitle))</a></nav>", "<article>",
            "<header>", "<h1>\(HTMLText.escape(record.title))</h1>", lead, facts, notice, "</header>", picture,
            document.html(), tags, "</article>", "</main>",
        ].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var lead: String {
        record.excerpt.isEmpty ? "" : "<p class=\"lead\">\(HTMLText.escape(record.excerpt))</p>"
    }

    private var facts: String {
        let day = HTMLText.escape(String(record.date.formatted(.iso8601).prefix(10)))
        let author = record.author.isEmpty ? "" : "\(HTMLText.escape(record.author)) · "
        let badge = record.isDraft ? " · <span class=\"badge\">Draft</span>" : ""
        return "<p class=\"facts\">\(author)<time datetime=\"\(day)\">\(day)</time>\(badge)</p>"
    }

    /// Readers are told who wrote it.
    private var notice: String {
        let note = (record.isSandbox ? Post.Origin.sandbox : .model(record.generatedBy)).note
        return note.isEmpty ? "" : "<p class=\"note\">\(HTMLText.escape(note))</p>"
    }

    private var picture: String {
        guard let image = record.image else { return "" }
        return "<figure><img src=\"\(HTMLText.escape(image))\" alt=\"\(HTMLText.escape(record.imageAlt))\"></figure>"
    }

    private var tags: String {
        guard !record.tags.isEmpty else { return "" }
        let items = record.tags.map { "<li><span class=\"badge\">\(HTMLText.escape($0))</span></li>" }.joined()
        return "<footer><ul class=\"tags\">\(items)</ul></footer>"
    }
}
