/// Plain answers about the subject of a prompt.
package enum ChatAnswer {
    /// Two or three paragraphs and the mark.
    package static func text(for brief: Brief, seed: UInt64) -> String {
        var chance = Chance(seed: seed, about: "chat")
        var phrase = Phrasing(brief: brief, chance: Chance(seed: chance.next()))
        let paragraphs = chance.shuffled(Theme.all.flatMap { $0.paragraphs.prefix(2) }).prefix(
            2 + chance.index(below: 2))
        let texts = paragraphs.map { $0.map { phrase($0) }.joined(separator: " ") }
        let opening = phrase("[Happy to help with|Gladly: here are a few thoughts on|A few words about] {s}.")
        return ([opening] + texts + [Article.mark]).joined(separator: "\n\n")
    }

    /// Single sentences about the subject, in an order of chance.
    static func sentences(for brief: Brief, seed: UInt64) -> [String] {
        var chance = Chance(seed: seed, about: "sentences")
        var phrase = Phrasing(brief: brief, chance: Chance(seed: chance.next()))
        return chance.shuffled(aboutSubject).map { phrase($0) }
    }

    /// Every sentence that names its subject. Sought once: there are hundreds.
    private static let aboutSubject: [String] = Theme.all.flatMap { theme in theme.paragraphs.flatMap { $0 } }
        .filter { $0.contains("{s}") || $0.contains("{k}") }
}
