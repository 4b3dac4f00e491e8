/// What one replica knows of one key: the permits it has in hand, and whom it has let through itself. Pure.
struct Holding: Sendable {
    private let policy: LimitPolicy
    private var inHand = 0
    /// What is in hand leaves the shared window then, and must not be spent any more.
    private var spendBefore: Int64 = 0
    /// What the shared window had left when it was last asked.
    private var sharedLeft = 0
    /// Until then the shared window has nothing to give.
    private var emptyUntil = Int64.min
    private var admitted: WindowLog

    init(_ policy: LimitPolicy) {
        self.policy = policy
        admitted = WindowLog(window: policy.windowMilliseconds)
    }

    /// Decides with what is known here; nil when the shared window has to be asked.
    mutating func decide(at now: Int64) -> LimitDecision? {
        admitted.advance(to: now)
        if now >= spendBefore { inHand = 0 }
        // However permits came to hand: no replica lets through more than the limit in any window.
        guard admitted.count < policy.permits else { return refusal(until: admitted.nextLeaveAt, at: now) }
        if inHand > 0 {
            inHand -= 1
            return admission(leaving: inHand + sharedLeft, at: now)
        }
        return now < emptyUntil ? refusal(until: emptyUntil, at: now) : nil
    }

    /// Decides without the shared window, more strictly: this replica cannot know what the others let through.
    mutating func decideAlone(share: Double, at now: Int64) -> LimitDecision {
        admitted.advance(to: now)
        let allowed = max(1, Int(Double(policy.permits) * share))
        guard admitted.count < allowed else { return refusal(until: admitted.nextLeaveAt, at: now) }
        return admission(leaving: allowed - admitted.count - 1, at: now)
    }

    mutating func take(_ grant: Grant, at now: Int64) {
        if now >= spendBefore { inHand = 0 }
        if inHand == 0 { spendBefore = now + policy.windowMilliseconds }
        inHand += grant.granted
        sharedLeft = grant.left
        emptyUntil = grant.left == 0 ? now + grant.freeInMilliseconds : .min
    }

    private mutating func admission(leaving remaining: Int, at now: Int64) -> LimitDecision {
        admitted.add(1, at: now)
        return LimitDecision(
            policy, isAdmitted: true, remaining: min(remaining, policy.permits - admitted.count),
            resetAfterMilliseconds: (admitted.nextLeaveAt ?? now) - now)
    }

    private func refusal(until time: Int64?, at now: Int64) -> LimitDecision {
        LimitDecision(policy, isAdmitted: false, remaining: 0, resetAfterMilliseconds: (time ?? now) - now)
    }
}
