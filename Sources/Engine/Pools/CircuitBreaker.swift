/// Keeps a provider that is away from being called by everyone who waits for it: a pool's circuit, as a pure value
/// (Nygard, "Release It!", 2007).
///
/// Closed, calls start as the pool's limits allow. A row of failures for which the provider is to blame opens it: no
/// call starts for a pause, which doubles with every opening. Then it is half-open: one call tries, and while it hangs
/// another one every fifteen seconds. Each answer lets eight more be under way, so that the herd comes back within three
/// or four answers' time and not at once; twenty answers close it. A failure before the first answer, or three in a row
/// after it, opens it again.
///
/// What has failed says nothing about a later state: an attempt that began before the last change is not counted.
struct CircuitBreaker: Sendable, Equatable {
    static let failuresToOpen = 5
    static let failuresToReopen = 3
    static let callsPerAnswer = 8
    static let answersToClose = 20
    /// Failures further apart than this are not in a row.
    static let rowGapMax = Duration.seconds(60)
    /// The longest is what a provider that has come back may wait for its first call: a quarter of the minute within
    /// which everything is to run again. At that pace an hour costs 240 calls.
    static let pauseFirst = Duration.seconds(2)
    static let pauseLongest = Duration.seconds(15)

    private(set) var state = CircuitState.closed
    /// When the state last changed. Times are milliseconds since 1970.
    private(set) var changedAt = 0.0
    /// When a call is tried next; means something only while it is open.
    private(set) var retryAt = 0.0
    /// In a row, without an answer between.
    private(set) var failures = 0
    private(set) var failedAt = 0.0
    /// When the provider was first missed.
    private(set) var awaySince = 0.0
    /// Since it was last closed.
    private(set) var openings = 0
    /// Since it was last half-open.
    private(set) var answers = 0
    /// The last failure in words that are safe to show.
    private(set) var cause: String?

    /// How many calls may be under way that began since the last change; nil is no limit of the circuit's.
    func callsMax(at now: Double) -> Int? {
        switch state {
        case .closed: nil
        case .open: 0
        case .halfOpen where answers == 0: 1 + Int(max(0, now - changedAt) / Self.pauseLongest.milliseconds)
        case .halfOpen: answers * Self.callsPerAnswer
        }
    }

    /// What is left until the next try.
    func pause(at now: Double) -> Duration { state == .open ? .milliseconds(max(0, retryAt - now)) : .zero }

    /// Lets one call try, if it is time to.
    /// - Returns: whether the state has changed.
    mutating func tryAgain(at now: Double, horizon: Duration) -> Bool {
        guard state == .open, retryAt <= now + horizon.milliseconds else { return false }
        change(to: .halfOpen, at: now)
        return true
    }

    /// The provider has answered a call that began at that time.
    /// - Returns: whether anything has changed.
    mutating func answered(startedAt: Double, at now: Double) -> Bool {
        guard state == .halfOpen, startedAt >= changedAt else { return false }
        answers += 1
        failures = 0
        if answers >= Self.answersToClose { self = CircuitBreaker(changedAt: now.rounded(.down)) }
        return true
    }

    /// A call failed for which the provider is to blame.
    ///
    /// - Parameter hasAnswered: the provider has answered somebody since the failure before.
    /// - Returns: false when that failure is the call's own as far as anyone can tell: others are being answered.
    mutating func failed(
        _ outage: StepFailure.Outage, because cause: String, retryAfter: Duration = .zero, startedAt: Double,
        hasAnswered: Bool, at now: Double, jitter: (Duration) -> Duration
    ) -> Bool {
        if state == .open, retryAfter > .zero { retryAt = max(retryAt, now + retryAfter.milliseconds) }
        guard state != .open, startedAt >= changedAt else { return true }
        if state == .closed, hasAnswered || now - failedAt > Self.rowGapMax.milliseconds { failures = 0 }
        if failures == 0, state == .closed || answers > 0 { awaySince = now }
        failures += 1
        failedAt = now
        self.cause = cause
        guard outage == .certain || failures >= failuresMax else { return state == .halfOpen || failures > 1 }
        openings += 1
        change(to: .open, at: now)
        let doubled = min(Self.pauseFirst * (1 << min(openings - 1, 16)), Self.pauseLongest)
        let pause = outage == .certain ? Self.pauseLongest : doubled
        retryAt = now + max(jitter(pause), retryAfter).milliseconds
        return true
    }

    private var failuresMax: Int {
        switch state {
        case .closed: Self.failuresToOpen
        case .open, .halfOpen: answers == 0 ? 1 : Self.failuresToReopen
        }
    }

    private mutating func change(to state: CircuitState, at now: Double) {
        self.state = state
        changedAt = now.rounded(.down)
        failures = 0
        answers = 0
    }
}

/// Whether calls may start in a pool.
public enum CircuitState: Int, Sendable, CaseIterable {
    case closed = 0
    case open = 1
    /// The provider was away and is being tried.
    case halfOpen = 2
}
