/// Answers a JSON schema with copy that fits: walks the schema, and recognises what a property is for by its name.
///
/// What it does not recognise gets a short text about the subject, a small number, or the first of the allowed values;
/// so any schema of the subset gets a valid answer.
package struct SchemaAnswer {
    /// Where in the answer a property stands, which tells what `title` or `body` mean there.
    private enum Place {
        case root
        case idea(Idea)
        case section(Article.Section, isLast: Bool)
        case other
    }

    /// References may recur; deeper than this only what must be is written.
    private static let depthMax = 12
    private static let itemsMax = 20

    private let root: JSONValue
    private let brief: Brief
    private let prompt: String
    private let seed: UInt64
    private var chance: Chance
    private var article: Article?
    private var sentences: [String]

    package init(schema: JSONValue, brief: Brief, prompt: String, seed: UInt64) {
        root = schema
        self.brief = brief
        self.prompt = prompt
        self.seed = seed
        chance = Chance(seed: seed, about: "schema")
        sentences = ChatAnswer.sentences(for: brief, seed: seed)
    }

    package static func answer(to schema: JSONValue, brief: Brief, prompt: String, seed: UInt64) -> JSONValue {
        var answer = SchemaAnswer(schema: schema, brief: brief, prompt: prompt, seed: seed)
        return answer.value(for: schema, named: "", at: .root, depth: 0)
    }

    private mutating func value(for schema: JSONValue, named name: String, at place: Place, depth: Int) -> JSONValue {
        if let reference = schema["$ref"]?.text {
            guard depth < Self.depthMax, let target = JSONReference.resolve(reference, in: root) else { return .null }
            return value(for: target, named: name, at: place, depth: depth + 1)
        }
        if let constant = schema["const"] { return constant }
        if let allowed = schema["enum"]?.items, !allowed.isEmpty { return preferred(among: allowed, named: name) }
        if let branches = schema["anyOf"]?.items, !branches.isEmpty {
            let branch = branches.first { $0["type"]?.text != "null" } ?? branches[0]
            return value(
                for: depth < Self.depthMax ? branch : branches.last ?? branch, named: name, at: place, depth: depth + 1)
        }
        let types = schema["type"]?.text.map { [$0] } ?? (schema["type"]?.items ?? []).compactMap(\.text)
        // A union with null ends a recursion that has become too deep.
        if depth > Self.depthMax, types.contains("null") { return .null }
        switch types.first(where: { $0 != "null" }) {
        case "object": return object(for: schema, at: place, depth: depth)
        case "array": return array(for: schema, named: name, at: place, depth: depth)
        case "string":
            return .string(fitted(string(named: name, at: place, format: schema["format"]?.text), to: schema))
        case "integer": return .int(Int(number(for: schema, named: name)))
        case "number": return .double(number(for: schema, named: name))
        case "boolean": return .bool(true)
        default: return .null
        }
    }

    private mutating func object(for schema: JSONValue, at place: Place, depth: Int) -> JSONValue {
        var object = JSONObject()
        for member in schema["properties"]?.object?.members ?? [] {
            object.members.append(
                .init(
                    name: member.name, value: value(for: member.value, named: member.name, at: place, depth: depth + 1))
            )
        }
        return .object(object)
    }

    private mutating func array(for schema: JSONValue, named name: String, at place: Place, depth: Int) -> JSONValue {
        let items = schema["items"] ?? ["type": "string"]
        let least = schema["minItems"]?.whole ?? 0
        let most = min(schema["maxItems"]?.whole ?? Self.itemsMax, Self.itemsMax)
        func count(_ usual: Int) -> Int { max(min(usual, most), min(least, Self.itemsMax)) }
        guard depth < Self.depthMax else { return .array([]) }
        let key = Self.key(name)
        if key == "ideas" || key == "suggestions" || key == "topics", isObject(items) {
            let ideas = IdeaWriter.ideas(count(5), for: brief, seed: seed, besides: prompt)
            return .array(ideas.map { value(for: items, named: "", at: .idea($0), depth: depth + 1) })
        }
        if key == "sections", isObject(items) {
            let sections = article(writing: brief).sections
            return .array(
                sections.indices.map {
                    value(
                        for: items, named: "", at: .section(sections[$0], isLast: $0 == sections.count - 1),
                        depth: depth + 1)
                })
        }
        if let texts = texts(named: key, at: place) {
            let kept = least > texts.count ? texts + sentences.prefix(least - texts.count) : texts
            return .array(kept.prefix(max(1, most)).map { .string($0) })
        }
        return .array((0..<count(3)).map { _ in value(for: items, named: name, at: .other, depth: depth + 1) })
    }

    private func isObject(_ schema: JSONValue) -> Bool {
        let target = schema["$ref"]?.text.flatMap { JSONReference.resolve($0, in: root) } ?? schema
        return target["type"]?.text == "object"
    }

    /// Lists of texts that are known by name.
    private mutating func texts(named key: String, at place: Place) -> [String]? {
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

    private mutating func string(named name: String, at place: Place, format: String?) -> String {
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

    /// The next sentence about the subject; they repeat only when all have been used.
    private mutating func sentence() -> String {
        let sentence = sentences.removeFirst()
        sentences.append(sentence)
        return sentence
    }

    private mutating func article(writing brief: Brief) -> Article {
        if let article { return article }
        let written = ArticleWriter.article(for: brief, seed: seed)
        article = written
        return written
    }

    private mutating func preferred(among allowed: [JSONValue], named name: String) -> JSONValue {
        let wish = Self.key(name) == "language" ? brief.language : brief.tone
        return allowed.first { $0.text == wish && wish != nil } ?? chance.pick(allowed)
    }

    private mutating func number(for schema: JSONValue, named name: String) -> Double {
        let least = schema["minimum"]?.number ?? schema["exclusiveMinimum"]?.number.map { $0 + 1 }
        let most = schema["maximum"]?.number ?? schema["exclusiveMaximum"]?.number.map { $0 - 1 }
        let key = Self.key(name)
        if key.contains("wordcount") || key == "words" { return Double(article(writing: brief).wordCount) }
        if key.contains("reading") { return Double(max(1, brief.words / 220)) }
        let low = least ?? min(1, most ?? 1)
        let high = max(low, most ?? low + 9)
        return (low + chance.unit() * (min(high, low + 1000) - low)).rounded()
            .clamped(to: low...high)
    }

    /// The text cut to the lengths that the schema gives.
    private func fitted(_ text: String, to schema: JSONValue) -> String {
        var text = text
        if let least = schema["minLength"]?.whole, text.count < least, least <= 100_000 {
            while text.count < least { text += " " + (sentences.first ?? "More follows.") }
        }
        guard let most = schema["maxLength"]?.whole else { return text }
        return Clip.words(text, max: most)
    }

    /// `meta_description`, `metaDescription` and `Meta-Description` are one.
    private static func key(_ name: String) -> String { name.lowercased().filter { $0.isLetter || $0.isNumber } }

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

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
