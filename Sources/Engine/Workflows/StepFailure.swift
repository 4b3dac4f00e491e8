/// Why a step did not succeed, in words that are safe to show, and what to do about it.
public struct StepFailure: Error, Sendable, CustomStringConvertible {
    /// What the engine does with the step.
    public enum Retry: Sendable, Equatable {
        /// Trying again cannot help.
        case never
        /// Try again later, by the step's backoff; costs an attempt.
        case backoff
        /// Try again, not before this long; costs an attempt.
        case after(Duration)
        /// The provider refused the call for its rate: the whole pool pauses for this long, no attempt is spent.
        case refused(Duration)
        /// The provider refused the call for this tenant's own rate: the step waits this long, the pool and its other
        /// tenants go on, no attempt is spent.
        case refusedToTenant(Duration)
        /// A day's worth is used up: the pool stops for this long, or to the end of the day; no attempt is spent.
        case refusedForDay(Duration?)
        /// The account serves nobody, such as for want of credit: the pool stops until a person resumes it; no attempt is
        /// spent.
        case refusedByAccount
    }

    /// How surely the failure is the provider's and not the step's: no call of the pool would have fared better.
    public enum Outage: Sendable, Equatable {
        /// It was not reached, did not answer in time, or said that it cannot serve. A row of these opens the pool's
        /// circuit.
        case suspected
        /// It said that it serves nobody of this account, such as for want of credit: one is enough.
        case certain
    }

    /// Stable and dotted, such as `provider.rejected`.
    public let code: String
    public let message: String
    /// What a person can do next.
    public let hint: String?
    public let retry: Retry
    /// While the provider is away, failures cost no attempts, whatever ``retry`` says; nil for the step's own failures.
    public let outage: Outage?
    public let cause: (any Error)?

    public init(
        code: String, message: String, hint: String? = nil, retry: Retry, outage: Outage? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = Self.storable(code)
        self.message = Self.storable(message)
        self.hint = hint.map(Self.storable)
        self.retry = retry
        self.outage = outage
        self.cause = cause
    }

    /// Without the character that databases refuse, and no longer than anyone reads: a failure must never be what
    /// cannot be recorded.
    private static func storable(_ text: String) -> String {
        String(text.prefix(2000)).replacing("\0", with: " ")
    }

    public var description: String { "\(code): \(message)" }

    /// An error that does not classify itself: somebody's bug or a fault below us. Its text may hold anything, so only
    /// its type is shown.
    static func unclassified(_ error: any Error) -> StepFailure {
        StepFailure(
            code: "step.failed", message: "The step failed with \(type(of: error)).", hint: nil, retry: .backoff,
            cause: error)
    }
    static let timedOut = StepFailure(
        code: "step.timed_out", message: "The step did not finish before its deadline.", retry: .backoff)
}
