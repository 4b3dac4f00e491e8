import FoundationEssentials
import Outbound

/// The lines between `---` above a post's text: YAML in which every value is written as JSON, which YAML includes.
///
/// Reading is lenient, because people edit these files: plain values are taken as they stand, unknown lines are kept.
enum FrontMatter {
    static func write(_ record: PostRecord) -> String {
        let members: [(String, JSONText?)] = [
            ("title", .string(record.title)),
            ("slug", .string(record.slug)),
            ("date", .string(record.date.formatted(.iso8601))),
            ("draft", .bool(record.isDraft)),
            ("description", .string(record.description)),
            ("excerpt", .string(record.excerpt)),
            ("tags", .array(record.tags.map { .string($0) })),
            ("author", .string(record.author)),
            ("language", .string(record.language)),
            ("image", record.image.map { .string($0) }),
            ("image_alt", record.image.map { _ in .string(record.imageAlt) }),
            ("ai_generated", .bool(true)),
            ("generated_by", .string(record.generatedBy)),
            ("sandbox", .bool(record.isSandbox)),
            ("marker", .string(record.marker)),
        ]
        let lines = members.compactMap { name, value in value.map { "\(name): \($0.text)" } }
        return "---\n\(lines.joined(separator: "\n"))\n---\n"
    }

    /// Nil when the text does not begin with front matter that names a title and a marker.
    static func read(_ text: String, slug: String) -> (record: PostRecord, body: Substring)? {
        guard let (lines, body) = split(text) else { return nil }
        var values: [Substring: Substring] = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { continue }
            values[line[..<colon]] = trim(line[line.index(after: colon)...])
        }
        func string(_ name: Substring) -> String { values[name].map(plain) ?? "" }
        guard values["title"] != nil, values["marker"] != nil else { return nil }
        var record = PostRecord(slug: slug, title: string("title"), date: date(string("date")))
        record.isDraft = string("draft") != "false"
        record.description = string("description")
        record.excerpt = string("excerpt")
        record.tags = values["tags"].map(list) ?? []
        record.author = string("author")
        record.language = string("language")
        record.image = values["image"].map(plain).flatMap { isFileName($0) ? $0 : nil }
        record.imageAlt = string("image_alt")
        record.generatedBy = string("generated_by")
        record.isSandbox = string("sandbox") == "true"
        record.marker = string("marker")
        return (record, body)
    }

    /// The same text, no longer a draft; everything that a person has changed stays.
    static func published(_ text: String) -> String? {
        guard let (lines, body) = split(text) else { return nil }
        let kept = lines.filter { !$0.hasPrefix("draft:") }
        let place = (kept.firstIndex { $0.hasPrefix("date:") } ?? kept.startIndex - 1) + 1
        let changed = kept[..<place] + ["draft: false"] + kept[place...]
        return "---\n\(changed.joined(separator: "\n"))\n---\n\(body)"
    }

    private static func split(_ text: String) -> (lines: [Substring], body: Substring)? {
        let clean = text.utf8.contains(13) ? text.replacing("\r\n", with: "\n") : text
        guard clean.hasPrefix("---\n") else { return nil }
        let rest = clean.dropFirst(4)
        guard let end = rest.firstRange(of: "\n---\n") else { return nil }
        return (rest[..<end.lowerBound].split(separator: "\n"), rest[end.upperBound...])
    }

    private static func trim(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " }
        while text.last == " " { text = text.dropLast() }
        return text
    }

    /// A JSON string is decoded; single quotes fall off; anything else stands for itself.
    private static func plain(_ text: Substring) -> String {
        // Not JSON means that a person wrote it by hand.
        if text.utf8.first == UInt8(ascii: "\""),
            let string = try? JSONDecoder().decode(String.self, from: Data(text.utf8))
        {
            return string
        }
        if text.count >= 2, text.first == "'", text.last == "'" { return String(text.dropFirst().dropLast()) }
        return String(text)
    }

    private static func list(_ text: Substring) -> [String] {
        // As above: by hand, a list is words between commas.
        if let list = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) { return list }
        return text.split { "[],".contains($0) }.map { plain(trim($0)) }
    }

    private static func date(_ text: String) -> Date {
        // A date that cannot be read sorts last rather than hiding the post.
        let wholeDay = text.utf8.count == 10 ? "\(text)T00:00:00Z" : text
        return (try? Date(wholeDay, strategy: .iso8601)) ?? Date(timeIntervalSince1970: 0)
    }

    /// Beside the text, nowhere else.
    private static func isFileName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 100 && !text.hasPrefix(".")
            && text.utf8.allSatisfy {
                $0 == 45 || $0 == 46 || $0 == 95 || (48...57).contains($0) || (97...122).contains($0 | 32)
            }
    }
}
