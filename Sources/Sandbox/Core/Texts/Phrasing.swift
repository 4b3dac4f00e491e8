/// Fills templates: `[one|two]` becomes one of its choices, `{s}` the subject, `{S}` the subject at the start of a
/// sentence, `{a}` the audience, `{k}` a keyword.
///
/// Templates avoid verbs that would have to agree with the subject and articles before it, as it may be one thing, many
/// or none.
package struct Phrasing: Sendable {
    private let brief: Brief
    private var chance: Chance
    private let keywords: [String]

    package init(brief: Brief, chance: Chance) {
        self.brief = brief
        self.chance = chance
        keywords = brief.keywords.isEmpty ? [brief.subject] : brief.keywords
    }

    package mutating func callAsFunction(_ template: String) -> String {
        var text = ""
        var rest = template[...]
        while let mark = rest.firstIndex(where: { $0 == "[" || $0 == "{" }) {
            text += rest[..<mark]
            let closing: Character = rest[mark] == "[" ? "]" : "}"
            guard let end = rest[mark...].firstIndex(of: closing) else { break }
            let inside = rest[rest.index(after: mark)..<end]
            text += closing == "]" ? choose(inside) : value(named: inside)
            rest = rest[rest.index(after: end)...]
        }
        return text + rest
    }

    private mutating func choose(_ choices: Substring) -> String {
        self(String(chance.pick(choices.split(separator: "|", omittingEmptySubsequences: false))))
    }

    private mutating func value(named name: Substring) -> String {
        switch name {
        case "s": brief.subject
        case "S": Phrasing.capitalised(brief.subject)
        case "a": brief.audience ?? "readers who are new to it"
        case "k": chance.pick(keywords)
        default: "{\(name)}"
        }
    }

    /// The text with its first letter in upper case and all others as they were.
    package static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
