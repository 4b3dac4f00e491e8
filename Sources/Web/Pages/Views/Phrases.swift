import Blog
import Engine
import Foundation
import ProductKit

/// What the pages say about a generation, in whole words.
enum Phrases {
    static func title(of status: GenerationStatus) -> String {
        switch status {
        case .pending: "Queued"
        case .generatingIdeas: "Finding ideas"
        case .awaitingSelection: "Your choice"
        case .generatingContent: "Writing the article"
        case .generatingImage: "Making the picture"
        case .awaitingReview: "Your review"
        case .publishing: "Publishing"
        case .done: "Finished"
        case .failed: "Failed"
        case .cancelled: "Cancelled"
        }
    }

    /// What is going on, and when it will be different, as one sentence.
    static func situation(of summary: GenerationSummary) -> String {
        switch summary.status {
        case .done: return finished(summary)
        case .failed: return summary.error?.message ?? "It failed."
        case .cancelled: return "Cancelled before it was finished."
        default: break
        }
        let now = summary.waiting.map { waiting($0, in: summary) } ?? work(in: summary)
        guard let eta = summary.eta.flatMap(expectation) else { return now + "." }
        return "\(now), \(eta)."
    }

    private static func finished(_ summary: GenerationSummary) -> String {
        guard let end = summary.finishedAt else { return "The article is finished." }
        let seconds = Double(end.milliseconds - summary.createdAt.milliseconds) / 1000
        return "It took \(duration(seconds))."
    }

    /// The words for a step that a worker is doing at this moment.
    private static func work(in summary: GenerationSummary) -> String {
        switch summary.status {
        case .pending: "About to begin"
        case .generatingIdeas: "The language model is finding five ideas"
        case .awaitingSelection:
            summary.ideasPending ? "The language model is finding other ideas" : "Five ideas are ready"
        case .generatingContent: "The language model is writing the article"
        case .generatingImage: "The picture is being made"
        case .awaitingReview: "Waiting for review"
        default: "The article is being published"
        }
    }

    private static func waiting(_ waiting: GenerationSummary.Waiting, in summary: GenerationSummary) -> String {
        switch waiting.reason {
        case .notDue: "Scheduled for later"
        case .paused: "Paused by the operator, or since the site has removed our app"
        case .noWorker: "Waiting for a worker: none is running"
        case .slotsFull: "Waiting for a worker with a free hand"
        case .tenantCap: "Waiting until another article of this site is done"
        case .fairShare, .providerRequests, .providerTokens: turn(waiting, at: provider(in: summary))
        case .providerPaused: "\(provider(in: summary).capitalizedFirst) takes no calls at the moment"
        case .siteLimit: "Waiting for the site, which takes only so many calls a minute"
        case .awaitingSelection: "Five ideas are ready: pick one"
        case .awaitingReview: "Waiting for review"
        case .awaitingImage: "The picture is being made"
        case .backoff: "Trying again after a mishap"
        case .recovering: "Its worker was lost, another one takes over"
        }
    }

    private static func turn(_ waiting: GenerationSummary.Waiting, at provider: String) -> String {
        switch waiting.position {
        case .some(let before) where before > 1: "Waiting for its turn at \(provider), \(before) before it"
        case .some(1): "Waiting for its turn at \(provider), one before it"
        default: "Waiting for its turn at \(provider)"
        }
    }

    private static func provider(in summary: GenerationSummary) -> String {
        switch summary.status {
        case .generatingImage: "the image provider"
        case .publishing: "the site"
        default: "the language model"
        }
    }

    private static func expectation(_ eta: GenerationSummary.Estimate) -> String? {
        let verb = eta.until == .start ? "starts" : "done"
        if eta.latestSeconds <= 1 { return eta.until == .start ? "starts now" : "done in a moment" }
        let range = eta.earliestSeconds...max(eta.earliestSeconds, eta.latestSeconds)
        return "\(verb) in about \(duration(Double(range.upperBound + range.lowerBound) / 2))"
    }

    /// `0.4 s`, `12 s`, `3 min`, `1 h 5 min`, `2 days`.
    static func duration(_ seconds: Double) -> String {
        switch seconds {
        case ..<1: return "\((max(seconds, 0) * 10).rounded() / 10) s"
        case ..<90: return "\(Int(seconds.rounded())) s"
        case ..<5_400: return "\(Int((seconds / 60).rounded())) min"
        case ..<172_800:
            let minutes = Int((seconds / 60).rounded())
            return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
        default: return "\(Int((seconds / 86_400).rounded())) days"
        }
    }

    static func ago(_ moment: Timestamp, now: Date) -> String {
        let seconds = now.timeIntervalSince1970 - Double(moment.milliseconds) / 1000
        return seconds < 5 ? "just now" : "\(duration(seconds)) ago"
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
