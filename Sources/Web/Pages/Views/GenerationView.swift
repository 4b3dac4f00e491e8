import Blog
import Engine
import Foundation

/// One generation as its page shows it.
struct GenerationView: Sendable {
    let row: RowView
    /// Where the reason for waiting can be seen, with figures.
    let evidence: String?
    let failure: GenerationSummary.Failure?
    let canCancel: Bool
    let canRetry: Bool
    /// The ideas while one of them can be picked; they come first then.
    let openIdeas: [IdeaView]
    let isChoosing: Bool
    /// The ideas afterwards, folded away below the article.
    let pastIdeas: [IdeaView]
    let hasPastIdeas: Bool
    let article: ArticleView?
    let articlePlaceholder: String
    let timeline: [TimelineView]
    let facts: [FactView]

    init(_ detail: GenerationDetail, row: RowView) {
        let summary = detail.summary
        self.row = row
        // Where a person or a picture is waited for, the sentence says it all.
        let isPlain = [.awaitingSelection, .awaitingReview, .awaitingImage].contains(summary.waiting?.reason)
        evidence = isPlain ? nil : summary.waiting?.evidence
        failure = summary.status == .failed ? summary.error : nil
        canCancel = !summary.status.hasEnded
        canRetry = summary.status == .failed || summary.status == .cancelled
        let isOpen = summary.status == .awaitingSelection && !summary.ideasPending
        let ideas = IdeaView.all(of: detail, canSelect: isOpen)
        openIdeas = isOpen ? ideas : []
        isChoosing = !openIdeas.isEmpty
        pastIdeas = isOpen ? [] : ideas
        hasPastIdeas = !pastIdeas.isEmpty
        article = detail.article.map { ArticleView($0, image: row.imageURL) }
        articlePlaceholder = Self.placeholder(summary)
        timeline = detail.timeline.map(TimelineView.init)
        facts = FactView.all(of: detail)
    }

    private static func placeholder(_ summary: GenerationSummary) -> String {
        switch summary.status {
        case .failed, .cancelled: "There is no article."
        case .awaitingSelection: "The article is written once an idea is picked."
        default: "The article appears here as soon as it is written."
        }
    }
}
