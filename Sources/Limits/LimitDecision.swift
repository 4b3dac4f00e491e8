/// Whether a request may go on, and what its headers say about the ones to come.
package struct LimitDecision: Sendable, Equatable {
    package let policy: LimitPolicy
    package let isAdmitted: Bool
    /// How many more this subject may make at once, as far as this replica knows. Others may have used some meanwhile.
    package let remaining: Int
    /// Until permits come back; for one that was refused, how long to wait at least. Above zero.
    package let resetAfter: Duration

    package init(_ policy: LimitPolicy, isAdmitted: Bool, remaining: Int, resetAfterMilliseconds: Int64) {
        self.policy = policy
        self.isAdmitted = isAdmitted
        self.remaining = max(0, min(remaining, policy.permits))
        resetAfter = .milliseconds(max(1, min(resetAfterMilliseconds, policy.windowMilliseconds)))
    }
}
