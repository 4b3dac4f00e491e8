import Engine
import ProductKit

extension GenerationSummary {
    /// - Parameter standing: what the engine says of the job; nil when it has ended.
    init(_ row: GenerationRow, standing: JobStanding?) {
        id = row.id
        site = row.site
        status = row.status
        sourceType = row.sourceType
        sourceId = row.sourceId
        title = row.title
        slug = row.slug
        excerpt = row.excerpt
        url = row.url
        imageState = row.imageState
        ideasPending = row.ideasPending
        progressPercent = row.progressPercent
        error = row.error.map { Failure(code: row.errorCode ?? "job.failed", message: $0, hint: row.errorHint) }
        waiting = standing.flatMap(Waiting.init)
        eta = standing.flatMap(Estimate.init)
        createdAt = row.createdAt
        updatedAt = row.updatedAt
        finishedAt = row.finishedAt
        scheduledFor = row.scheduledFor
    }
}

extension GenerationSummary.Waiting {
    init?(_ standing: JobStanding) {
        guard let reason = standing.reason else { return nil }
        self.init(
            reason: reason, evidence: standing.evidence, clearedBy: standing.remedy,
            since: standing.since.map { Timestamp(milliseconds: Int64($0)) }, position: standing.position)
    }
}

extension GenerationSummary.Estimate {
    /// Until the end when that can be known, else until the next start.
    init?(_ standing: JobStanding) {
        if let range = standing.endsIn {
            self.init(range, until: .end)
        } else if let range = standing.startsIn {
            self.init(range, until: .start)
        } else {
            return nil
        }
    }

    private init(_ range: ClosedRange<Duration>, until: Until) {
        self.init(
            earliestSeconds: Int((range.lowerBound.milliseconds / 1000).rounded(.down)),
            latestSeconds: Int((range.upperBound.milliseconds / 1000).rounded(.up)), until: until)
    }
}

extension GenerationRow {
    /// By the usual times of the stages: ideas 5 s, article 15, picture 45, site 5.
    var progressPercent: Int {
        switch status {
        case .pending, .generatingIdeas: 0
        case .awaitingSelection: 7
        case .generatingContent: 7
        case .generatingImage: 28
        case .awaitingReview, .publishing: draftId == nil ? 92 : 96
        case .done: 100
        case .failed, .cancelled: draftId != nil ? 96 : title != nil ? 28 : ideasRound > 0 ? 7 : 0
        }
    }
}
