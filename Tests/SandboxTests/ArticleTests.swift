import Sandbox
import Testing

@Suite struct `Articles` {
    static let subjects = [
        "sourdough starter", "hiking boots", "Personal finance for nurses", "Käsefondue", "linen apron",
    ]

    private func article(_ subject: String, words: Int, seed: UInt64 = 1, lines: [String] = []) -> Article {
        let prompt = (["Subject: \(subject)", "Words: \(words)"] + lines).joined(separator: "\n")
        let brief = Brief(reading: [.init(role: "user", text: prompt)])
        return ArticleWriter.article(for: brief, seed: seed)
    }

    @Test(arguments: subjects, [300, 450, 600, 900, 1200, 2000, 3000])
    func `have the length that was asked for, within a tenth`(subject: String, words: Int) {
        for seed in 1...3 as ClosedRange<UInt64> {
            let count = article(subject, words: words, seed: seed).wordCount

            #expect((words * 9 / 10...words * 11 / 10).contains(count), "\(count) words instead of \(words)")
        }
    }

    @Test(arguments: subjects, [300, 900, 3000])
    func `never say a paragraph twice and stay with their subject`(subject: String, words: Int) {
        for seed in 1...3 as ClosedRange<UInt64> {
            let article = article(subject, words: words, seed: seed)
            let paragraphs = article.markdown.split(separator: "\n\n").filter { !$0.hasPrefix("#") }

            #expect(Set(paragraphs).count == paragraphs.count)
            #expect(article.markdown.lowercased().ranges(of: subject.lowercased()).count >= words / 150)
            #expect(!article.markdown.contains("{"))
            #expect(!article.markdown.contains("["))
        }
    }

    @Test func `have headings, subheadings, lists and the mark at the end`() {
        let text = article("sourdough starter", words: 900).markdown

        #expect(text.ranges(of: "\n## ").count >= 4)
        #expect(text.contains("\n### "))
        #expect(text.contains("\n- "))
        #expect(text.hasSuffix("*\(Article.mark)*\n"))
    }

    @Test func `use the facts, title, audience and keywords of the prompt and avoid what they should`() {
        let article = article(
            "linen apron", words: 900,
            lines: [
                "Title: The last apron you buy", "Audience: people who cook daily", "Keywords: linen, kitchen wear",
                "Fact: Material: stone-washed linen", "Fact: Length: 86 cm", "Avoid: patience, notes",
            ])

        #expect(article.title == "The last apron you buy")
        #expect(article.slug == "the-last-apron-you-buy")
        #expect(article.tags.starts(with: ["linen", "kitchen wear"]))
        #expect(article.markdown.contains("- Material: stone-washed linen"))
        #expect(article.markdown.contains("- Length: 86 cm"))
        #expect(article.markdown.contains("people who cook daily"))
        let paragraphs = article.sections.flatMap(\.blocks).compactMap { block in
            if case .paragraph(let text) = block { text.lowercased() } else { nil }
        }
        #expect(!paragraphs.contains { $0.contains("patience") })
    }

    @Test func `are the same for the same seed and differ for another`() {
        #expect(article("tea", words: 900) == article("tea", words: 900))
        #expect(article("tea", words: 900).markdown != article("tea", words: 900, seed: 2).markdown)
    }

    @Test func `keep their short texts short`() {
        let long = String(repeating: "extraordinarily long subject ", count: 10)
        for subject in Self.subjects + [long] {
            let article = article(subject, words: 300)

            #expect(article.metaDescription.count <= 155)
            #expect(article.excerpt.count <= 200)
            #expect(article.title.count <= 150)
            #expect(article.slug.count <= 70)
        }
    }

    @Test func `say so when another language was asked for`() {
        #expect(article("Sauerteig", words: 300, lines: ["Language: de"]).closing.contains("de;"))
    }
}

@Suite struct `Ideas` {
    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func `differ in title, format and keywords`(seed: UInt64) {
        let ideas = IdeaWriter.ideas(5, for: Brief(reading: [.init(role: "user", text: "Subject: tea")]), seed: seed)

        #expect(ideas.count == 5)
        #expect(Set(ideas.map(\.title)).count == 5)
        #expect(Set(ideas.map(\.format)).count == 5)
        #expect(ideas.allSatisfy { $0.title.lowercased().contains("tea") && $0.keywords.count >= 3 })
    }

    @Test func `stay short when the subject is long`() {
        let long = "Subject: " + String(repeating: "extraordinarily ", count: 20)

        for idea in IdeaWriter.ideas(5, for: Brief(reading: [.init(role: "user", text: long)]), seed: 1) {
            #expect(idea.title.count <= 150)
            #expect(idea.keywords.allSatisfy { $0.count <= 70 })
        }
    }

    @Test func `are new when the prompt shows the old ones`() {
        let brief = Brief(reading: [.init(role: "user", text: "Subject: tea")])
        let old = IdeaWriter.ideas(5, for: brief, seed: 1)

        let new = IdeaWriter.ideas(5, for: brief, seed: 2, besides: old.map(\.title).joined(separator: "\n"))

        #expect(Set(old.map(\.title)).isDisjoint(with: new.map(\.title)))
    }
}

@Suite struct `A brief` {
    @Test(arguments: [
        ("Subject: sourdough starter\nWords: 700", "sourdough starter"),
        ("- Topic: \"Hiking boots\"", "Hiking boots"),
        ("Write an article about hiking boots for beginners.", "hiking boots"),
        ("Write a 1,200-word post about the care of leather bags, please", "care of leather bags"),
        ("Please explain \"slow travel\" to my readers", "slow travel"),
        ("Title: Seven mistakes with tea: a list", "Seven mistakes with tea"),
        ("Subject: 'Tea', loose.", "'Tea', loose"),
    ])
    func `finds the subject of a prompt`(prompt: String, subject: String) {
        #expect(Brief(reading: [.init(role: "user", text: prompt)]).subject == subject)
    }

    @Test func `finds the length in a free prompt`() {
        #expect(Brief(reading: [.init(role: "user", text: "a 1,200-word post about tea")]).words == 1200)
    }

    @Test func `does not let a subject bring formatting or control characters`() {
        let brief = Brief(reading: [.init(role: "user", text: "Subject: <b>tea</b> [x](y) `z`\u{7}")])

        #expect(!brief.subject.contains { "<>[]`".contains($0) })
    }
}
