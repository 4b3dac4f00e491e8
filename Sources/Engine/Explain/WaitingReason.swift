/// Why a job that is not running waits; the closed list of the specification.
public enum WaitingReason: String, Sendable, CaseIterable, Codable {
    case notDue = "not_due"
    case paused
    case noWorker = "no_worker"
    case slotsFull = "slots_full"
    case tenantCap = "tenant_cap"
    case fairShare = "fair_share"
    case providerRequests = "provider_requests"
    case providerTokens = "provider_tokens"
    case providerPaused = "provider_paused"
    case siteLimit = "site_limit"
    case awaitingSelection = "awaiting_selection"
    case awaitingReview = "awaiting_review"
    case awaitingImage = "awaiting_image"
    case backoff
    case recovering
}

extension WaitingReason {
    /// Of a job that waits for a signal or a timer, by what its row says.
    ///
    /// - Parameter name: the signal, with its round.
    /// - Parameter hasBeenPutOff: a call of its step has failed, and it waits for the time of the next.
    /// - Parameter isProviderAway: the pool that it will draw on has an open circuit.
    init(waitingFor name: String?, failureCode code: String?, hasBeenPutOff: Bool, isProviderAway: Bool) {
        switch name?.split(separator: "#").first {
        case "selection": self = .awaitingSelection
        case "review": self = .awaitingReview
        case "image": self = .awaitingImage
        default:
            if let code, Misplaced.codes.contains(code) {
                self = .noWorker
            } else if code == StepFailure.isSuspect.code {
                self = .recovering
            } else if hasBeenPutOff {
                self = isProviderAway ? .providerPaused : .backoff
            } else {
                self = .notDue
            }
        }
    }
}

/// What can be said of a job at this moment, by the rows that decide about it.
public struct JobStanding: Sendable {
    public let id: JobID
    public let state: JobState
    /// The step that runs or is next; nil while the plan is to be asked, and at the end.
    public let step: String?
    public let attempt: Int
    /// Nil when the job runs or has ended.
    public let reason: WaitingReason?
    /// Where the reason can be seen, in plain words with figures.
    public let evidence: String?
    /// What clears it.
    public let remedy: String?
    /// Milliseconds since 1970 when the present state of affairs began, as far as it is known.
    public let since: Double?
    /// Jobs before it in the fair order of its pool; nil when it does not queue.
    public let position: Int?
    /// Until it starts, and until it has ended, from now on; nil where only a person knows.
    public let startsIn: ClosedRange<Duration>?
    public let endsIn: ClosedRange<Duration>?
}
