import Blog
import Engine
import Foundation
import ProductKit

/// A generation in the list.
struct RowView: Sendable {
    let id: String
    let title: String
    let siteName: String
    let source: String
    let submitted: String
    let submittedAt: String
    let status: String
    /// A class of the style sheet: `active`, `person`, `done`, `failed` or `cancelled`.
    let tone: String
    let situation: String
    let stages: [StageView]
    let progressPercent: Int
    let imageURL: String?
    let articleURL: String?
    let needsChoice: Bool

    init(_ summary: GenerationSummary, siteNames: [String: String], now: Date, output: OutputLinks) {
        id = summary.id.description
        title = summary.title ?? summary.sourceId
        siteName = siteNames[summary.site] ?? summary.site
        source = summary.sourceType == .keyword ? "keyword “\(summary.sourceId)”" : "product \(summary.sourceId)"
        submitted = Phrases.ago(summary.createdAt, now: now)
        submittedAt = summary.createdAt.description
        status = Phrases.title(of: summary.status)
        tone = Self.tone(of: summary)
        situation = Phrases.situation(of: summary)
        stages = StageView.all(of: summary)
        progressPercent = summary.progressPercent
        imageURL = summary.imageState == .ready ? "/generations/\(summary.id)/image" : nil
        articleURL = summary.status == .done ? output.link(to: summary.url) : nil
        needsChoice = tone == "person" && summary.status == .awaitingSelection
    }

    static func tone(of summary: GenerationSummary) -> String {
        switch summary.status {
        case .done: "done"
        case .failed: "failed"
        case .cancelled: "cancelled"
        case .awaitingSelection where !summary.ideasPending, .awaitingReview: "person"
        default: "active"
        }
    }
}
