import Database

/// Decides whether a failed transaction is tried again, and when.
struct Patience {
    private let deadline: ContinuousClock.Instant
    private var conflictsLeft: Int
    private var conflictDelay = Duration.milliseconds(5)
    /// The first is none: an idle connection of a server that has restarted is only found dead by using it.
    private var connectDelay = Duration.zero

    static let connectDelayMax = Duration.milliseconds(200)

    init(budget: Duration, conflictsMax: Int) {
        deadline = .now + budget
        conflictsLeft = conflictsMax
    }

    /// Nil when the error is to be thrown.
    mutating func delay(after error: DatabaseError) -> Duration? {
        if error.isConflict, conflictsLeft > 0 {
            conflictsLeft -= 1
            defer { conflictDelay *= 4 }
            return conflictDelay
        }
        if error.kind == .unavailable, .now + connectDelay < deadline {
            defer { connectDelay = min(Self.connectDelayMax, max(.milliseconds(25), connectDelay * 2)) }
            return connectDelay
        }
        return nil
    }
}
