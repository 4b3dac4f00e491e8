/// What properties are for, told by their names.
extension SchemaAnswer {
    /// Lists of texts that are known by name.
    mutating func texts(named key: String, at place: Place) -> [String]? {
        switch (key, place) {
        case ("keywords", .idea(let idea)), ("tags", .idea(let idea)): idea.keywords
        case ("tags", _), ("keywords", _), ("labels", _), ("hashtags", _): article(writing: brief).tags
        case ("paragraphs", .section(let section, let isLast)):
            section.blocks.map(\.markdown) + (isLast ? [article(writing: brief).closing] : [])
        case ("paragraphs", _): article(writing: brief).sections.flatMap { $0.blocks.map(\.markdown) }
        case ("ideas", _), ("titles", _):
            IdeaWriter.ideas(5, for: brief, seed: seed, besides: prompt).map(\.title)
        default: nil
        }
    }

    mutating func string(named name: String, at place: Place, format: String?) -> String {
        if let format, let text = Self.example(of: format) { return text }
        let key = Self.key(name)
        switch place {
        case .idea(let idea): if let text = Self.text(named: key, of: idea) { return text }
        case .section(let section, let isLast):
            if let text = text(named: key, of: section, isLast: isLast) { return text }
        case .root, .other: break
        }
        return text(named: key) ?? sentence()
    }

    private static func text(named key: String, of idea: Idea) -> String? {
        switch key {
        case "title", "headline", "name", "idea": idea.title
        case "why", "reason", "rationale", "whyitworks", "description", "summary": idea.why
        case "audience", "targetaudience": idea.audience
        case "format", "type": idea.format
        case "keywords", "tags": idea.keywords.joined(separator: ", ")
        default: nil
        }
    }

    private mutating func text(named key: String, of section: Article.Section, isLast: Bool) -> String? {
        switch key {
        case "heading", "title", "headline", "name": section.heading ?? "Introduction"
        case "body", "markdown", "content", "text", "bodymarkdown":
            section.bodyMarkdown + (isLast ? "\n\n*\(article(writing: brief).closing)*" : "")
        case "html", "bodyhtml": section.html
        default: nil
        }
    }

    private mutating func text(named key: String) -> String? {
        let article = article(writing: brief)
        switch key {
        case "title", "headline", "name": return article.title
        case "slug": return article.slug
        case "excerpt", "summary", "description", "teaser": return article.excerpt
        case "body", "markdown", "content", "article", "bodymarkdown", "contentmarkdown": return article.markdown
        case "html", "bodyhtml", "contenthtml": return article.html
        case "metadescription", "seodescription": return article.metaDescription
        case "metatitle", "seotitle": return Clip.words(article.title, max: 60)
        case "tags", "keywords": return article.tags.joined(separator: ", ")
        case "imageprompt": return article.imagePrompt
        case "alttext", "imagealt", "imagealttext", "alt": return article.altText
        case "language": return brief.language
        case "audience": return brief.audience ?? "curious readers"
        case "tone": return brief.tone ?? "friendly"
        case "subject", "topic", "keyword": return brief.subject
        default: return nil
        }
    }

    /// `meta_description`, `metaDescription` and `Meta-Description` are one.
    static func key(_ name: String) -> String { name.lowercased().filter { $0.isLetter || $0.isNumber } }

    private static func example(of format: String) -> String? {
        switch format {
        case "date-time": "2026-01-15T09:30:00Z"
        case "date": "2026-01-15"
        case "time": "09:30:00Z"
        case "duration": "PT30M"
        case "email": "editor@example.com"
        case "hostname": "example.com"
        case "ipv4": "192.0.2.1"
        case "ipv6": "2001:db8::1"
        case "uuid": "00000000-0000-4000-8000-000000000001"
        default: nil
        }
    }
}
