/// Writes an article of the asked length about the subject of a brief.
///
/// Paragraphs are used at most once, and are cut after a sentence where the length asks for it, so an article comes out
/// within a few words of its length and never repeats itself.
package struct ArticleWriter {
    private let brief: Brief
    private var chance: Chance
    private var phrase: Phrasing
    /// Words still to be written before the last paragraph.
    private var wordsLeft: Int
    private var sections: [Article.Section] = []

    /// Fewer words than this are not worth a section of their own.
    private static let sectionWordsMin = 45
    private static let sectionWordsUsual = 190

    package static func article(for brief: Brief, seed: UInt64) -> Article {
        var writer = ArticleWriter(brief: brief, chance: Chance(seed: seed, about: "article \(brief.subject)"))
        return writer.write()
    }

    private init(brief: Brief, chance: Chance) {
        var chance = chance
        self.brief = brief
        phrase = Phrasing(brief: brief, chance: Chance(seed: chance.next()))
        self.chance = chance
        wordsLeft = brief.words
    }

    private mutating func write() -> Article {
        let closing = closingSection()
        wordsLeft -= closing.wordCount
        writeOpening()
        if !brief.facts.isEmpty { writeFacts() }
        writeThemes()
        return dressed(sections + [closing])
    }

    private mutating func writeOpening() {
        var blocks = [Article.Block.paragraph(paragraph(chance.pick(Openings.suiting(brief.tone))))]
        if brief.words >= 500 { blocks.append(.paragraph(paragraph(chance.pick(Openings.second)))) }
        append(Article.Section(heading: nil, blocks: blocks))
    }

    private mutating func writeFacts() {
        let lead = phrase("Before the advice, here is what is known about {s}, in short:")
        let after = phrase(
            "[These details are worth keeping in mind|Keep these points at hand], because every recommendation below "
                + "has to fit them.")
        let blocks: [Article.Block] = [
            .paragraph(lead), .list(brief.facts.map { Phrasing.capitalised($0) }, isOrdered: false), .paragraph(after),
        ]
        append(Article.Section(heading: phrase("[The facts about {s}|{S} at a glance]"), blocks: blocks))
    }

    private mutating func writeThemes() {
        let count = min(Theme.all.count, max(2, (wordsLeft + 90) / Self.sectionWordsUsual))
        // Chosen by chance, told in the order that reads well; the others wait in case the chosen are not enough.
        let order = chance.shuffled(Array(Theme.all.indices))
        let chosen = order.prefix(count).sorted()
        let spare = order.dropFirst(count)
        for (position, index) in chosen.enumerated() {
            let remaining = chosen.count - position
            write(Theme.all[index], words: wordsLeft / remaining, isLast: remaining == 1 && spare.isEmpty)
        }
        for index in spare where wordsLeft >= Self.sectionWordsMin {
            write(Theme.all[index], words: wordsLeft, isLast: false)
        }
    }

    private mutating func write(_ theme: Theme, words: Int, isLast: Bool) {
        guard words >= Self.sectionWordsMin / 2 else { return }
        var section = Article.Section(heading: phrase(chance.pick(theme.headings)), blocks: [])
        let list = Article.Block.list(theme.list.map { phrase($0) }, isOrdered: theme.isOrdered)
        let lead = phrase(theme.listLead)
        // A list follows the first paragraph where there is room for it and a word besides.
        let hasList = words >= list.wordCount + 90 || (words >= list.wordCount + 55 && chance.unit() < 0.6)
        let subheading = hasList && words >= 150 ? phrase(theme.subheading) : nil
        let listWords = hasList ? list.wordCount + lead.words + (subheading?.words ?? 0) : 0
        let paragraphs = fill(theme.paragraphs, words: words - listWords - section.wordCount)
        section.blocks = paragraphs.map { .paragraph($0) }
        if hasList {
            let extra = (subheading.map { [Article.Block.subheading($0)] } ?? []) + [.paragraph(lead), list]
            section.blocks.insert(contentsOf: extra, at: min(section.blocks.count, subheading == nil ? 1 : 2))
        }
        if !section.blocks.isEmpty { append(section) }
    }

    /// As many sentences of the paragraphs as come nearest to the number of words.
    private mutating func fill(_ paragraphs: [[String]], words: Int) -> [String] {
        var filled: [String] = []
        var count = 0
        for sentences in paragraphs {
            var kept: [String] = []
            for sentence in sentences where !isAvoided(sentence) {
                let text = phrase(sentence)
                guard count + text.words / 2 <= words else { break }
                kept.append(text)
                count += text.words
            }
            if !kept.isEmpty { filled.append(kept.joined(separator: " ")) }
        }
        return filled
    }

    private func isAvoided(_ sentence: String) -> Bool {
        guard !brief.avoid.isEmpty else { return false }
        let sentence = sentence.lowercased()
        return brief.avoid.contains { sentence.contains($0.lowercased()) }
    }

    private mutating func paragraph(_ sentences: [String]) -> String {
        sentences.filter { !isAvoided($0) }.map { phrase($0) }.joined(separator: " ")
    }

    private mutating func closingSection() -> Article.Section {
        Article.Section(
            heading: chance.pick(Openings.closingHeadings),
            blocks: [.paragraph(paragraph(chance.pick(Openings.closings)))])
    }

    private mutating func append(_ section: Article.Section) {
        sections.append(section)
        wordsLeft -= section.wordCount
    }

    private mutating func dressed(_ sections: [Article.Section]) -> Article {
        let subject = Phrasing.capitalised(brief.subject)
        let title = brief.title ?? phrase(chance.pick(IdeaAngle.all).titles[0])
        let language = brief.language.lowercased()
        let isEnglish = language.hasPrefix("en") || language.isEmpty
        return Article(
            title: Clip.words(title, max: 150), slug: Slug.slug(of: title),
            excerpt: Clip.words(
                phrase(
                    "What {a} should know about {s}: how to begin, what to look for, and which mistakes to leave out."),
                max: 200),
            metaDescription: Clip.words(
                phrase(
                    "{S}, [explained calmly|explained in plain words]: a practical guide with clear steps, common "
                        + "mistakes and signs that it is going well."), max: 155),
            tags: tags(),
            imagePrompt: phrase(
                "An editorial illustration about {s}: [soft morning light|warm evening light], layered shapes, calm "
                    + "colours, no text"),
            altText: Clip.words(
                "\(subject), shown as an abstract composition of soft shapes and calm colours", max: 125),
            sections: sections,
            closing: Article.mark
                + (isEnglish ? "" : " The language asked for was \(brief.language); the simulator writes English only.")
        )
    }

    private mutating func tags() -> [String] {
        var tags = brief.keywords.prefix(5).map { $0.lowercased() }
        for candidate in [brief.subject.lowercased(), "guide", "how to", "practical advice", "inspiration"]
        where tags.count < 5 && !tags.contains(candidate) {
            tags.append(Clip.words(candidate, max: 50))
        }
        return tags
    }
}
