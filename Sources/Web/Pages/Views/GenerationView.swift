import Blog
import Engine
import Foundation
import Publishers

/// One generation as its page shows it.
struct GenerationView: Sendable {
    let row: RowView
    /// Where the reason for waiting can be seen, with figures.
    let evidence: String?
    let failure: GenerationSummary.Failure?
    let canCancel: Bool
    let canRetry: Bool
    let showsIdeas: Bool
    let ideasTitle: String
    let ideas: [IdeaView]
    let canRegenerate: Bool
    let article: ArticleView?
    let articlePlaceholder: String
    let timeline: [TimelineView]
    let facts: [Fact]

    init(_ detail: GenerationDetail, row: RowView) {
        let summary = detail.summary
        self.row = row
        evidence = summary.waiting.flatMap(\.evidence)
        failure = summary.status == .failed ? summary.error : nil
        canCancel = !summary.status.hasEnded
        canRetry = summary.status == .failed || summary.status == .cancelled
        let isOpen = summary.status == .awaitingSelection && !summary.ideasPending
        ideas = IdeaView.all(of: detail, canSelect: isOpen)
        showsIdeas = !ideas.isEmpty
        ideasTitle = isOpen ? "Pick an idea" : "Ideas"
        canRegenerate = isOpen
        article = detail.article.map { ArticleView($0, image: row.imageURL) }
        articlePlaceholder = Self.placeholder(summary)
        timeline = detail.timeline.map(TimelineView.init)
        facts = Fact.all(of: detail)
    }

    private static func placeholder(_ summary: GenerationSummary) -> String {
        switch summary.status {
        case .failed, .cancelled: "There is no article."
        case .awaitingSelection: "The article is written once an idea is picked."
        default: "The article appears here as soon as it is written."
        }
    }
}

struct IdeaView: Sendable {
    let generation: String
    let index: Int
    let title: String
    let why: String?
    let format: String?
    let audience: String?
    let keywords: [String]
    let canSelect: Bool
    let isChosen: Bool

    static func all(of detail: GenerationDetail, canSelect: Bool) -> [IdeaView] {
        var chosen: Int?
        if case .pick(let index, _)? = detail.selection { chosen = index }
        return detail.ideas.enumerated().map { index, idea in
            IdeaView(
                generation: detail.summary.id.description, index: index, title: idea.title, why: idea.why.nonEmpty,
                format: idea.format.nonEmpty, audience: idea.audience.nonEmpty, keywords: idea.keywords,
                canSelect: canSelect, isChosen: index == chosen)
        }
    }
}

struct ArticleView: Sendable {
    struct Image: Sendable {
        let url: String
        let altText: String
    }

    let title: String
    let excerpt: String?
    /// Sanitised: the only text that a template places without escaping.
    let html: String
    let image: Image?
    let tags: [String]
    let hasTags: Bool

    init(_ article: Article, image: String?) {
        title = article.title
        excerpt = article.excerpt.nonEmpty
        html = MarkdownDocument(article.body).withoutHeading(article.title).html(topLevel: 2)
        self.image = image.map { Image(url: $0, altText: article.altText) }
        tags = article.tags
        hasTags = !article.tags.isEmpty
    }
}

struct TimelineView: Sendable {
    let at: String
    let clock: String
    let text: String

    init(_ entry: TimelineEntry) {
        at = entry.at.description
        // 2026-11-21T08:30:00.250Z
        clock = entry.at.description.dropFirst(11).prefix(8) + " UTC"
        text = entry.text
    }
}

struct Fact: Sendable {
    let name: String
    let value: String

    static func all(of detail: GenerationDetail) -> [Fact] {
        let request = detail.request
        var facts = [
            Fact(name: request.sourceType == .keyword ? "Keyword" : "Product", value: request.sourceId),
            Fact(name: "Site", value: detail.summary.site),
        ]
        func add(_ name: String, _ value: String?) { value.map { facts.append(Fact(name: name, value: $0)) } }
        add("Tone", request.tone)
        add("Language", request.language)
        add("Words", request.words.map(String.init))
        add("Audience", request.audience)
        add("Keywords", request.keywords?.joined(separator: ", "))
        add("Avoid", request.avoid?.joined(separator: ", "))
        add("Picture", request.image?.rawValue)
        add("Then", request.publishMode?.rawValue)
        add("Scheduled for", detail.summary.scheduledFor?.description)
        let tokens = detail.cost.inputTokens + detail.cost.outputTokens
        if tokens > 0 { facts.append(Fact(name: "Tokens", value: "\(tokens)")) }
        if detail.cost.microdollars > 0 {
            let dollars = Double(detail.cost.microdollars) / 1_000_000
            facts.append(
                Fact(
                    name: "Cost",
                    value: "$"
                        + dollars.formatted(
                            .number.precision(.fractionLength(2...4)).locale(Locale(identifier: "en_US")))))
        }
        return facts
    }
}

extension String {
    var nonEmpty: String? { isEmpty ? nil : self }
}
