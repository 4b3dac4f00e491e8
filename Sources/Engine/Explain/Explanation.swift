/// The reason why one job waits, in a word of the closed list and in plain words.
struct Explanation: Sendable {
    var reason: WaitingReason?
    var evidence: String?
    var remedy: String?
    /// Nobody can say when it ends.
    var isOpenEnded = false

    init() {}

    /// - Parameter circuit: that of the pool from which a failed step waits to draw again; nil when it is closed.
    init(waiting job: StandingRow, circuit: CircuitBreaker?, at now: Double) {
        let reason = WaitingReason(
            waitingFor: job.row.waitFor, failureCode: job.failureCode, hasBeenPutOff: job.hasBeenPutOff,
            isProviderAway: circuit != nil)
        switch (reason, circuit) {
        case (.awaitingSelection, _):
            self.init(reason, "Ideas are ready.", "The owner picks one.", isOpenEnded: true)
        case (.awaitingReview, _):
            self.init(reason, "The article is written.", "The owner approves it.", isOpenEnded: true)
        case (.awaitingImage, _):
            self.init(reason, "The image provider is at work.", "Its answer, or the next look at it.")
        case (.noWorker, _):
            let message = job.failureMessage ?? "No worker knows how to do it."
            self.init(reason, message, job.failureHint ?? "Start a worker of the newer version.")
        case (.recovering, _): self.init(reason, StepFailure.isSuspect.message, "The others like it are done.")
        case (.providerPaused, let circuit?): self.init(circuit, at: now)
        case (.backoff, _):
            let message = job.failureMessage ?? "The last attempt failed."
            let code = job.failureCode ?? ""
            self.init(reason, "\(message) (\(code), attempt \(max(1, job.row.attempt)))", "The next attempt.")
        default:
            if let name = job.row.waitFor {
                self.init(
                    .notDue, "It waits for the signal \(name).", "The signal comes.", isOpenEnded: job.row.runAt == nil)
            } else {
                self.init(.notDue, "It is scheduled for later.", "Its time comes.")
            }
        }
    }

    init(
        ready job: StandingRow, lane: Outlook.Lane, outlook: Outlook, ahead: Outlook.Ahead, facts: Engine.ExplainFacts
    ) {
        let pool = outlook.pool
        if lane.isHeld {
            self.init(.paused, "The tenant is paused.", "It goes on when it is resumed.", isOpenEnded: true)
        } else if let common = Explanation(ofAllIn: outlook, liveWorkers: facts.liveWorkers) {
            self = common
        } else if lane.parked == 1 {
            self.init(
                .siteLimit, "The site's own limit is used up for \(Self.seconds(lane.resumeAt - outlook.now)).",
                "The site's minute moves on.")
        } else if lane.parked == 2 {
            self.init(.tenantCap, "\(lane.running) of its steps run; no more may.", "One of them ends.")
        } else if job.crashes > 0 {
            self.init(.recovering, "Its worker died; it was taken back.", "The next free worker.")
        } else if let cap = pool.cap, pool.taken >= cap {
            self.init(.slotsFull, "\(pool.taken) of \(cap) places at the provider are taken.", "One of them ends.")
        } else if ahead.othersCost > 0, outlook.binding(job.row.cost) != nil {
            self.init(
                .fairShare, "\(Int(ahead.count.rounded())) steps of it and others go before, each tenant in its turn.",
                "Its turn comes.")
        } else if let binding = outlook.binding(job.row.cost) {
            let what = binding == .providerTokens ? "tokens" : "requests"
            self.init(binding, "The provider's \(what) for this minute are used up.", "The minute moves on.")
        } else if facts.running >= facts.slots {
            self.init(
                .slotsFull, "All \(facts.slots) slots of the workers are taken.", "A step ends, or another worker.")
        } else {
            self.init(.fairShare, "It is among the next.", "A worker takes it.")
        }
    }

    /// What keeps everybody in a pool waiting; nil when it depends on the lane.
    init?(ofAllIn outlook: Outlook, liveWorkers: Int) {
        let pool = outlook.pool
        if pool.isHeld {
            self.init(.paused, "The pool is paused.", "An operator resumes it.", isOpenEnded: true)
        } else if liveWorkers == 0 {
            self.init(
                .noWorker, "No worker has been heard of for 30 s.", "Start one: pressroom worker", isOpenEnded: true)
        } else if let stop = pool.stop, stop.holds(at: outlook.now) {
            self.init(stop, at: outlook.now)
        } else if let circuit = outlook.circuit {
            self.init(circuit, at: outlook.now)
        } else if pool.permits.pauseUntil > outlook.now {
            let left = Self.seconds(pool.permits.pauseUntil - outlook.now)
            self.init(.providerPaused, "The provider asked for a pause; \(left) are left.", "The pause ends.")
        } else {
            return nil
        }
    }

    /// The provider refuses every call until a day ends or a person acts.
    private init(_ stop: PoolStop, at now: Double) {
        switch stop.kind {
        case .day:
            let minutes = Int(((stop.until ?? now) - now) / 60_000)
            self.init(
                .providerPaused, "\(stop.cause); \(minutes) min are left of the day.",
                "The day ends, or an operator raises the limit and resumes the pool.")
        case .account:
            self.init(
                .providerPaused, stop.cause, "An operator mends the account and resumes the pool.", isOpenEnded: true)
        }
    }

    /// The provider is away, or has just come back.
    private init(_ circuit: CircuitBreaker, at now: Double) {
        let cause = circuit.cause.map { ": \($0)" } ?? ""
        switch circuit.state {
        case .halfOpen where circuit.answers > 0:
            self.init(
                .providerPaused, "The provider was away and is back; calls begin again a few at a time.",
                "It answers those that try.")
        case .halfOpen, .closed:
            self.init(
                .providerPaused, "The provider is away\(cause); it is being tried now.", "It answers.",
                isOpenEnded: true)
        case .open:
            self.init(
                .providerPaused,
                "The provider is away\(cause); it is tried again in \(Self.seconds(circuit.retryAt - now)).",
                "It answers.", isOpenEnded: true)
        }
    }

    private init(_ reason: WaitingReason, _ evidence: String, _ remedy: String, isOpenEnded: Bool = false) {
        self.reason = reason
        self.evidence = evidence
        self.remedy = remedy
        self.isOpenEnded = isOpenEnded
    }

    private static func seconds(_ milliseconds: Double) -> String {
        let seconds = max(0, milliseconds) / 1000
        return seconds < 10 ? "\((seconds * 10).rounded() / 10) s" : "\(Int(seconds.rounded())) s"
    }
}
