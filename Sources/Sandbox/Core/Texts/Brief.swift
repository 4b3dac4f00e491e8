/// What a prompt asks for, as far as the sandbox understands it: `Subject: sourdough starter` and lines like it.
package struct Brief: Sendable, Equatable {
    package var subject = "the matter at hand"
    /// The title that was chosen, when one was.
    package var title: String?
    package var audience: String?
    package var tone: String?
    package var language = "en"
    package var words = 900
    package var keywords: [String] = []
    package var avoid: [String] = []
    package var format: String?
    /// What is known about a product, one sentence or pair each.
    package var facts: [String] = []

    static let wordsRange = 50...5000
    private static let subjectLengthMax = 120
    private static let factsMax = 12

    package init() {}

    /// Reads what the user said; what a later line says wins.
    package init(reading messages: [ChatRequest.Message]) {
        let texts = messages.filter { $0.role == "user" }.map(\.text)
        var subjects: [String: String] = [:]
        for line in texts.joined(separator: "\n").split(whereSeparator: \.isNewline) {
            guard let (name, value) = Brief.member(of: line) else { continue }
            if Brief.subjectNames.contains(name) { subjects[name] = value } else { read(name, value) }
        }
        let named = Brief.subjectNames.lazy.compactMap { subjects[$0] }.first
        if let found = named ?? title.map(Brief.subject(ofTitle:)) ?? texts.last.flatMap(Brief.subject(ofFreeText:)) {
            subject = Brief.tidySubject(found)
        }
        if let asked = texts.compactMap(Brief.words(inFreeText:)).last, !texts.joined().contains("Words:") {
            words = asked
        }
    }

    /// Names under which the subject may stand, the most telling first.
    private static let subjectNames = ["subject", "topic", "keyword", "product", "product name", "about", "theme"]

    private mutating func read(_ name: String, _ value: String) {
        switch name {
        case "title": title = Brief.tidy(value, max: 200)
        case "audience": audience = Brief.tidy(value, max: 120)
        case "tone": tone = value.lowercased()
        case "language": language = value
        case "words", "length":
            guard let number = Int(value.prefix(while: \.isNumber)) else { return }
            words = min(max(number, Brief.wordsRange.lowerBound), Brief.wordsRange.upperBound)
        case "keywords": keywords = Brief.list(value)
        case "avoid": avoid = Brief.list(value)
        case "format": format = value
        case "fact", "facts":
            if facts.count < Brief.factsMax { facts.append(Brief.tidy(value, max: 300)) }
        default: return
        }
    }

    /// `Name: value` of a line, the name in lower case; bullets before it do not matter.
    private static func member(of line: Substring) -> (name: String, value: String)? {
        guard let colon = line.firstIndex(of: ":") else { return nil }
        let name = line[..<colon].drop { $0 == "-" || $0 == "*" || $0 == " " }
        let value = String(line[line.index(after: colon)...].drop { $0 == " " || $0 == "*" })
        guard (1...20).contains(name.count), value.contains(where: { !$0.isWhitespace }) else { return nil }
        return (name.lowercased(), value)
    }

    private static func list(_ value: String) -> [String] {
        value.split(whereSeparator: { $0 == "," || $0 == ";" }).map { tidy(String($0), max: 60) }
            .filter { !$0.isEmpty }.prefix(20).map { $0 }
    }

    /// One line without control characters, marks that would become formatting, and quotation marks around it.
    static func tidy(_ text: String, max: Int) -> String {
        let words = text.split { $0.isWhitespace || $0.isNewline }.joined(separator: " ")
        let clean = words.filter { character in
            !character.unicodeScalars.contains { $0.properties.generalCategory == .control }
                && !"<>[]{}|`#*\\".contains(character)
        }
        var rest = clean[...]
        for (open, close) in [("\"", "\""), ("“", "”"), ("«", "»"), ("'", "'"), ("‘", "’")]
        where rest.count > 2 && rest.hasPrefix(open) && rest.hasSuffix(close) {
            rest = rest.dropFirst().dropLast()
        }
        return String(rest.prefix(max))
    }

    /// As ``tidy(_:max:)``, and without what ends a sentence: it will stand in the middle of one.
    static func tidySubject(_ text: String) -> String {
        var subject = tidy(text, max: subjectLengthMax)[...]
        while let last = subject.last, ".,;:! ".contains(last) { subject.removeLast() }
        return subject.isEmpty ? Brief().subject : String(subject)
    }
}
