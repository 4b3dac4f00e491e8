import Engine
import ProductKit

/// A generation in a list: one row of the API, the pages and the command line.
package struct GenerationSummary: Sendable, Codable, Identifiable {
    package var id: JobID
    /// The site's instance id.
    package var site: String
    package var status: GenerationStatus
    package var sourceType: SourceType
    package var sourceId: String
    package var title: String?
    package var slug: String?
    package var excerpt: String?
    /// Where the draft or post can be read.
    package var url: String?
    package var imageState: ImageState
    /// Ideas are being made (again), although the status may say `AWAITING_SELECTION`.
    package var ideasPending: Bool
    /// 0–100, by finished stages; 100 only when it is done.
    package var progressPercent: Int
    package var error: Failure?
    /// Nil when it runs at this moment or has ended.
    package var waiting: Waiting?
    /// Seconds from now; nil where only a person knows.
    package var eta: Estimate?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var finishedAt: Timestamp?
    package var scheduledFor: Timestamp?

    /// Why it failed.
    package struct Failure: Sendable, Codable, Hashable {
        package var code: String
        package var message: String
        package var hint: String?
    }

    /// Why it does not run at this moment.
    package struct Waiting: Sendable, Codable {
        package var reason: WaitingReason
        /// In plain words, with figures.
        package var evidence: String?
        package var clearedBy: String?
        package var since: Timestamp?
        /// Jobs before it in the fair order of what it waits for.
        package var position: Int?
    }

    /// An expected range in whole seconds from now.
    package struct Estimate: Sendable, Codable, Hashable {
        package enum Until: String, Sendable, Codable { case start, end }
        package var earliestSeconds: Int
        package var latestSeconds: Int
        /// What is expected then: that it ends, or only that its next step starts, because a person decides afterwards.
        package var until: Until

        package init(earliestSeconds: Int, latestSeconds: Int, until: Until) {
            self.earliestSeconds = earliestSeconds
            self.latestSeconds = latestSeconds
            self.until = until
        }
    }
}

/// A page of a list; `nextCursor` is nil on the last one.
package struct GenerationPage: Sendable, Codable {
    package var items: [GenerationSummary]
    package var nextCursor: String?
}

/// What a list is narrowed to; everything given must hold.
package struct GenerationFilter: Sendable, Hashable {
    package var statuses: [GenerationStatus] = []
    package var sourceType: SourceType?
    /// In the title or the source, in any case. At most 200 characters.
    package var text: String?
    /// Submitted at or after.
    package var since: Timestamp?
    /// From a page's `nextCursor`.
    package var cursor: String?
    /// 1–100.
    package var limit: Int = 20
    package init() {}
}
