/// Where a generation stands, in the words that people and old health queries use.
///
/// The shown status never moves backwards within one life: asking for other ideas leaves `AWAITING_SELECTION` in place
/// (`ideasPending` says that new ones are coming), and an early selection may skip it. A retry begins a new life, which may
/// leave `FAILED` or `CANCELLED` for any stage.
package enum GenerationStatus: String, Sendable, Codable, CaseIterable {
    /// Accepted; nothing has begun.
    case pending = "PENDING"
    case generatingIdeas = "GENERATING_IDEAS"
    case awaitingSelection = "AWAITING_SELECTION"
    case generatingContent = "GENERATING_CONTENT"
    case generatingImage = "GENERATING_IMAGE"
    case awaitingReview = "AWAITING_REVIEW"
    /// The draft is being made, waits for its time, or is being published.
    case publishing = "PUBLISHING"
    case done = "DONE"
    case failed = "FAILED"
    case cancelled = "CANCELLED"

    package var hasEnded: Bool { self == .done || self == .failed || self == .cancelled }

    /// The statuses of one life in order; an end comes after everything.
    package var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// Statuses in which the owner's choice of an idea is still open, also before the ideas exist.
    package var isOpenForSelection: Bool { rank <= Self.awaitingSelection.rank }
}

/// What became of an article's picture.
package enum ImageState: String, Sendable, Codable, CaseIterable {
    /// None was asked for, or not yet.
    case none
    case ordered
    case ready
    /// The article goes on without it.
    case failed
}
