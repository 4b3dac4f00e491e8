/// An idea for an article.
package struct Idea: Sendable, Equatable {
    package let title: String
    package let why: String
    package let audience: String
    package let format: String
    package let keywords: [String]
}

/// Finds ideas that differ in angle, not just in words.
package enum IdeaWriter {
    /// At most as many ideas as there are angles (eleven). Titles that the prompt already shows are not proposed again.
    package static func ideas(_ count: Int, for brief: Brief, seed: UInt64, besides prompt: String = "") -> [Idea] {
        var chance = Chance(seed: seed, about: "ideas \(brief.subject)")
        var phrase = Phrasing(brief: brief, chance: Chance(seed: seed, about: "idea titles \(brief.subject)"))
        let candidates = chance.shuffled(IdeaAngle.all).map { angle in
            let titles = chance.shuffled(angle.titles).map { phrase($0) }
            return (angle: angle, title: titles.first { !prompt.contains($0) })
        }
        let fresh = candidates.filter { $0.title != nil } + candidates.filter { $0.title == nil }
        return fresh.prefix(count).map { angle, title in
            Idea(
                title: Clip.words(title ?? phrase("Another look at {s}: \(angle.format)"), max: 150), why: angle.why,
                audience: brief.audience ?? angle.audience, format: angle.format,
                keywords: keywords(brief, searches: angle.searches))
        }
    }

    private static func keywords(_ brief: Brief, searches: [String]) -> [String] {
        let subject = brief.subject.lowercased()
        return ([subject] + searches.map { "\(subject) \($0)" }).map { Clip.words($0, max: 70) }
    }
}
