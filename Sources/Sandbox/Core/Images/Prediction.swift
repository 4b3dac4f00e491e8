/// A picture being made: everything about it follows from its times, so nobody has to push it along.
package struct Prediction: Sendable {
    package enum Status: String, Sendable {
        case starting, processing, succeeded, failed, canceled
        /// The caller's deadline passed before it began.
        case aborted

        package var isTerminal: Bool { self != .starting && self != .processing }
    }

    package let id: String
    /// `owner/name`.
    package let model: String
    package let version: String
    package let input: JSONValue
    package let picture: PictureRequest
    package let outputs: Int
    /// Some models answer one link, others a list of them.
    package let hasSingleOutput: Bool
    package let createdAt: Duration
    package let startsAt: Duration
    package let endsAt: Duration
    /// When the caller no longer wants it.
    package var deadline: Duration?
    package var canceledAt: Duration?
    /// Why it will fail, if it will.
    package var failure: String?
    package var webhook: PredictionWebhook?
    package let baseURL: String
    /// How long input and output are kept after the end.
    package let lifetime: Duration

    /// When it ends, in whatever way.
    package var finishedAt: Duration { min(endsAt, deadline ?? endsAt, canceledAt ?? endsAt) }

    package func status(at now: Duration) -> Status {
        guard now >= finishedAt else { return now < startsAt ? .starting : .processing }
        if let canceledAt, canceledAt == finishedAt, canceledAt < endsAt { return .canceled }
        if let deadline, deadline == finishedAt, deadline < endsAt { return deadline < startsAt ? .aborted : .canceled }
        return failure == nil ? .succeeded : .failed
    }

    /// Whether the output can be had.
    package func hasOutput(at now: Duration) -> Bool { status(at: now) == .succeeded && !isRemoved(at: now) }

    package func isRemoved(at now: Duration) -> Bool { now >= finishedAt + lifetime }
}

/// Where and about what a prediction reports.
package struct PredictionWebhook: Sendable, Equatable {
    package enum Event: String, Sendable, CaseIterable { case start, output, logs, completed }

    package let url: String
    package let events: Set<Event>
    package var isLost = false
    package var isDuplicated = false
}
