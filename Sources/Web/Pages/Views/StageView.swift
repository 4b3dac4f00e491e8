import Blog

/// One of the five stretches of the way, as a segment of the progress bar.
struct StageView: Sendable {
    let name: String
    /// `done`, `now`, `person` (it is somebody's turn), `failed` or `todo`: a class of the style sheet.
    let state: String

    /// The stages of a generation in order.
    static func all(of summary: GenerationSummary) -> [StageView] {
        let names = ["Ideas", "Choice", "Article", "Picture", "Publish"]
        let reached = stage(of: summary)
        return names.enumerated().map { index, name in
            StageView(name: name, state: state(of: index, reached: reached, in: summary))
        }
    }

    private static func stage(of summary: GenerationSummary) -> Int {
        switch summary.status {
        case .pending, .generatingIdeas: 0
        case .awaitingSelection: 1
        case .generatingContent: 2
        case .generatingImage: 3
        case .awaitingReview, .publishing: 4
        case .done: 5
        // How far it came is all that is known of one that has ended early.
        case .failed, .cancelled: min(4, summary.progressPercent * 5 / 100)
        }
    }

    private static func state(of index: Int, reached: Int, in summary: GenerationSummary) -> String {
        if index < reached { return "done" }
        if index > reached { return "todo" }
        switch summary.status {
        case .failed, .cancelled: return "failed"
        case .pending: return "todo"
        case .awaitingSelection, .awaitingReview: return summary.ideasPending ? "now" : "person"
        default: return "now"
        }
    }
}
