import FoundationEssentials

/// All posts of a site, newest first.
struct IndexPage {
    /// Older posts stay in their folders; a page of ten thousand cards serves nobody.
    static let cardsMax = 500

    let records: [PostRecord]
    let siteTitle: String

    var html: String {
        Page(title: siteTitle, description: "Posts of \(siteTitle)", language: "en", body: body).html
    }

    private var body: String {
        let sorted = records.sorted { ($0.date, $1.slug) > ($1.date, $0.slug) }
        let cards = sorted.prefix(Self.cardsMax).map(card).joined(separator: "\n")
        let older = sorted.count - Self.cardsMax
        let rest = older > 0 ? "<p class=\"facts\">\(older) older posts are in their folders.</p>" : ""
        return """
            <main class="shelf">
            <h1>\(HTMLText.escape(siteTitle))</h1>
            <p class="facts">\(summary)</p>
            <ul class="cards">
            \(cards)
            </ul>
            \(rest)
            </main>
            """
    }

    private var summary: String {
        let drafts = records.filter(\.isDraft).count
        let published = records.count - drafts
        let parts = [
            published > 0 ? "\(published) published" : nil,
            drafts > 0 ? "\(drafts) draft\(drafts == 1 ? "" : "s")" : nil,
        ]
        let text = parts.compactMap { $0 }.joined(separator: " · ")
        return text.isEmpty ? "No posts yet." : text
    }

    private func card(_ record: PostRecord) -> String {
        let address = "\(record.slug)/index.html"
        let picture =
            record.image.map {
                "<img src=\"\(record.slug)/\(HTMLText.escape($0))\" alt=\"\" loading=\"lazy\">"
            } ?? "<div class=\"blank\"></div>"
        let day = String(record.date.formatted(.iso8601).prefix(10))
        let state =
            record.isDraft ? "<span class=\"badge\">Draft</span>" : "<span class=\"badge live\">Published</span>"
        let sandbox = record.isSandbox ? "<span class=\"badge\">Sandbox</span>" : ""
        let language = HTMLText.escape(record.language)
        return """
            <li class="card"><a href="\(address)" tabindex="-1" aria-hidden="true">\(picture)</a><div class="words">
            <h2><a href="\(address)" lang="\(language)">\(HTMLText.escape(record.title))</a></h2>
            <p lang="\(language)">\(HTMLText.escape(record.excerpt))</p>
            <div class="facts"><time datetime="\(day)">\(day)</time>\(state)\(sandbox)</div></div></li>
            """
    }
}
