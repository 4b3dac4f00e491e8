/// Answers a JSON schema with copy that fits: walks the schema, and recognises what a property is for by its name.
///
/// What it does not recognise gets a short text about the subject, a small number, or the first of the allowed values;
/// so any schema of the subset gets a valid answer.
package struct SchemaAnswer {
    /// Where in the answer a property stands, which tells what `title` or `body` mean there.
    enum Place {
        case root
        case idea(Idea)
        case section(Article.Section, isLast: Bool)
        case other
    }

    /// References may recur and lists may nest: deeper than this, and beyond so many values, only what must be is
    /// written.
    private static let depthMax = 12
    private static let valuesMax = 3000
    private static let itemsMax = 20
    private static let lengthMax = 10_000

    private let root: JSONValue
    let brief: Brief
    let prompt: String
    let seed: UInt64
    private var chance: Chance
    private var written = 0
    private var article: Article?
    /// Written when the first is asked for: most answers need none.
    private lazy var sentences = ChatAnswer.sentences(for: brief, seed: seed)

    package init(schema: JSONValue, brief: Brief, prompt: String, seed: UInt64) {
        root = schema
        self.brief = brief
        self.prompt = prompt
        self.seed = seed
        chance = Chance(seed: seed, about: "schema")
    }

    package static func answer(to schema: JSONValue, brief: Brief, prompt: String, seed: UInt64) -> JSONValue {
        var answer = SchemaAnswer(schema: schema, brief: brief, prompt: prompt, seed: seed)
        return answer.value(for: schema, named: "", at: .root, depth: 0)
    }

    private mutating func value(for schema: JSONValue, named name: String, at place: Place, depth: Int) -> JSONValue {
        written += 1
        let isExhausted = depth > Self.depthMax || written > Self.valuesMax
        if let reference = schema["$ref"]?.text {
            guard !isExhausted, let target = JSONReference.resolve(reference, in: root) else { return .null }
            return value(for: target, named: name, at: place, depth: depth + 1)
        }
        if let constant = schema["const"] { return constant }
        if let allowed = schema["enum"]?.items, !allowed.isEmpty { return preferred(among: allowed, named: name) }
        if let branches = schema["anyOf"]?.items, !branches.isEmpty {
            if isExhausted, branches.contains(["type": "null"]) { return .null }
            let branch = branches.first { $0["type"]?.text != "null" } ?? branches[0]
            return value(for: branch, named: name, at: place, depth: depth + 1)
        }
        let types = schema["type"]?.text.map { [$0] } ?? (schema["type"]?.items ?? []).compactMap(\.text)
        if isExhausted, types.contains("null") { return .null }
        switch types.first(where: { $0 != "null" }) {
        case "object": return object(for: schema, at: place, depth: depth)
        case "array": return array(for: schema, named: name, at: place, depth: depth)
        case "string":
            let text = string(named: name, at: place, format: schema["format"]?.text)
            return .string(fitted(text, to: schema))
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
        guard depth <= Self.depthMax, written <= Self.valuesMax else { return .array([]) }
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

    /// The next sentence about the subject; they repeat only when all have been used.
    mutating func sentence() -> String {
        let sentence = sentences.removeFirst()
        sentences.append(sentence)
        return sentence
    }

    mutating func article(writing brief: Brief) -> Article {
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
        // Beyond a thousand million millions a number is no longer exact, nor would it fit an integer everywhere.
        let exact = -1e15...1e15
        let least = (schema["minimum"]?.number ?? schema["exclusiveMinimum"]?.number.map { $0 + 1 })?.clamped(to: exact)
        let most = (schema["maximum"]?.number ?? schema["exclusiveMaximum"]?.number.map { $0 - 1 })?.clamped(to: exact)
        let key = Self.key(name)
        if key.contains("wordcount") || key == "words" { return Double(article(writing: brief).wordCount) }
        if key.contains("reading") { return Double(max(1, brief.words / 220)) }
        let low = least ?? min(1, most ?? 1)
        let high = max(low, most ?? low + 9)
        return (low + chance.unit() * (min(high, low + 1000) - low)).rounded()
            .clamped(to: low...high)
    }

    /// The text cut to the lengths that the schema gives.
    private mutating func fitted(_ text: String, to schema: JSONValue) -> String {
        var text = text
        if let least = schema["minLength"]?.whole.map({ min($0, Self.lengthMax) }), text.count < least {
            let more = " " + (sentences.first ?? "More follows.")
            text += String(repeating: more, count: (least - text.count) / more.count + 1)
        }
        guard let most = schema["maxLength"]?.whole else { return text }
        return Clip.words(text, max: most)
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
