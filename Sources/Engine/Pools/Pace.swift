/// Which part of its limits a pool uses: all of it, until the provider goes on refusing calls within them.
///
/// Refusals are the provider's to explain, and a pause is the answer to one. Only when more than a twentieth of the
/// calls of the last minute were refused are the limits taken to be wrong, or shared with somebody: the pace falls by
/// 4 %, at most every two seconds and only with another refusal. It recovers by 0.1 % a second, up to a ceiling just
/// under where it failed, which itself rises by half a percent a minute. (A halving, as clients of unknown limits do
/// it, would throw half of a known limit away.) Once lowered, one refusal in a hundred calls is enough to lower it
/// again: the limit is near.
struct Pace: Sendable, Equatable {
    static let persistence = 0.05
    static let persistenceWhenLowered = 0.01
    /// Fewer refusals than this say nothing, whatever their share.
    static let refusalsMin = 3.0
    static let step = 0.96
    static let pauseBetweenSteps = Duration.seconds(2)
    static let recoveryPerSecond = 0.001
    static let ceilingAfterFailure = 0.99
    static let ceilingRecoveryPerMinute = 0.005
    static let least = 0.05

    /// 0.05…1 of the limits.
    private(set) var factor = 1.0
    private(set) var ceiling = 1.0
    /// When it last recovered. Times are milliseconds since 1970.
    private(set) var at = 0.0
    private(set) var loweredAt = 0.0
    private(set) var calls = RecentCount()
    private(set) var refusals = RecentCount()

    init() {}

    init(
        factor: Double, ceiling: Double, at: Double, loweredAt: Double, calls: RecentCount, refusals: RecentCount
    ) {
        self.factor = factor
        self.ceiling = ceiling
        self.at = at
        self.loweredAt = loweredAt
        self.calls = calls
        self.refusals = refusals
    }

    var isLowered: Bool { factor < 1 }

    mutating func recover(at now: Double) {
        guard factor < 1 || ceiling < 1, now > at else { return }
        let seconds = (now - at) / 1000
        at = now
        ceiling = min(1, ceiling + Self.ceilingRecoveryPerMinute * seconds / 60)
        factor = max(factor, min(ceiling, factor + Self.recoveryPerSecond * seconds))
    }

    mutating func granted(_ count: Int, at now: Double) {
        guard count > 0 else { return }
        calls.add(Double(count), at: now)
    }

    /// - Returns: whether the pace has been lowered.
    mutating func refused(at now: Double) -> Bool {
        recover(at: now)
        refusals.add(1, at: now)
        let refused = refusals.lastMinute(at: now)
        let share = refused / max(refused, calls.lastMinute(at: now))
        guard refused >= Self.refusalsMin, share > (isLowered ? Self.persistenceWhenLowered : Self.persistence),
            now - loweredAt >= Self.pauseBetweenSteps.milliseconds
        else { return false }
        ceiling = factor * Self.ceilingAfterFailure
        factor = max(Self.least, factor * Self.step)
        loweredAt = now
        at = max(at, now)
        return true
    }
}

/// How much there was in the last minute, by two counters: this minute's, and of the minute before the part that is
/// still within the last sixty seconds.
struct RecentCount: Sendable, Equatable {
    static let window = 60_000.0

    /// When the present minute began, in milliseconds since 1970.
    private(set) var since = 0.0
    private(set) var present = 0.0
    private(set) var before = 0.0

    init() {}

    init(since: Double, present: Double, before: Double) {
        self.since = since
        self.present = present
        self.before = before
    }

    mutating func add(_ amount: Double, at now: Double) {
        turn(to: now)
        present += amount
    }

    func lastMinute(at now: Double) -> Double {
        var counter = self
        counter.turn(to: now)
        let passed = (now - counter.since) / Self.window
        return counter.present + counter.before * (1 - passed).clamped(to: 0...1)
    }

    private mutating func turn(to now: Double) {
        guard now - since >= Self.window || now < since else { return }
        before = now - since < 2 * Self.window && now >= since ? present : 0
        present = 0
        since = (now / Self.window).rounded(.down) * Self.window
    }
}
