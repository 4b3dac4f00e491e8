/// Decides for one replica who is let through, what to ask of the shared windows, and who waits for the answer. Pure: it
/// neither asks nor waits. Times are milliseconds of the replica's own clock.
struct LimitBook<Waiter: AnyObject> {
    enum Answer {
        case decided(LimitDecision)
        /// The answer comes by ``settle(_:at:)``, ``fail(at:)`` or ``leave(_:_:isLate:at:)``.
        case wait(LimitKey, mustRing: Bool)
    }
    typealias Settled = (waiter: Waiter, decision: LimitDecision)

    private let settings: RateLimiter.Settings
    private var holdings: RecentKeys<LimitKey, Holding>
    private var waiting: [LimitKey: [Waiter]] = [:]
    private var waitingCount = 0
    /// Keys to ask for next, without repetition.
    private var wished: [LimitKey] = []
    /// Wished, or being asked for.
    private var pending: Set<LimitKey> = []
    /// Whether somebody asks for what is wished.
    private var isServed = false
    /// While the database is away: when to try it again.
    private var tryAgainAt: Int64?
    private var longestWindow: Int64 = 60_000

    init(_ settings: RateLimiter.Settings) {
        self.settings = settings
        holdings = RecentKeys(countMax: settings.keysMax)
    }

    var isAway: Bool { tryAgainAt != nil }
    var keyCount: Int { holdings.count }

    mutating func ask(_ key: LimitKey, _ waiter: Waiter, at now: Int64) -> Answer {
        longestWindow = max(longestWindow, key.policy.windowMilliseconds)
        holdings.age(to: now, after: 2 * longestWindow)
        if let decision = holdings.with(key, initial: Holding(key.policy), { $0.decide(at: now) }) {
            return .decided(decision)
        }
        guard isServed, waitingCount < settings.waitersMax else { return .decided(alone(key, at: now)) }
        if let tryAgainAt {
            // One request after each pause gives the database a new chance.
            guard now >= tryAgainAt, wish(key) else { return .decided(alone(key, at: now)) }
            self.tryAgainAt = now + settings.awayPauseMilliseconds
            waitingCount += 1
            waiting[key, default: []].append(waiter)
            return .wait(key, mustRing: true)
        }
        let mustRing = wish(key)
        guard pending.contains(key) else { return .decided(alone(key, at: now)) }
        waitingCount += 1
        waiting[key, default: []].append(waiter)
        return .wait(key, mustRing: mustRing)
    }

    /// What to ask the shared windows for, at most ``RateLimiter/Settings/batchKeysMax`` keys at a time; nil for nothing.
    mutating func takeWishes() -> [Wish]? {
        guard !wished.isEmpty else { return nil }
        let keys = wished.prefix(settings.batchKeysMax)
        wished.removeFirst(keys.count)
        return keys.map { Wish(key: $0, count: min($0.policy.permits, max($0.policy.batch, waiting[$0]?.count ?? 0))) }
    }

    mutating func settle(_ grants: [LimitKey: Grant], at now: Int64) -> [Settled] {
        tryAgainAt = nil
        return grants.flatMap { key, grant in
            pending.remove(key)
            holdings.with(key, initial: Holding(key.policy)) { $0.take(grant, at: now) }
            return serve(key, at: now)
        }
    }

    /// The shared windows did not answer: everybody is decided upon here, and for a while nobody asks.
    mutating func fail(at now: Int64) -> [Settled] {
        wished = []
        pending = []
        tryAgainAt = now + settings.awayPauseMilliseconds
        return settleAlone(at: now)
    }

    /// A waiter has waited long enough, or its request is gone.
    ///
    /// - Parameter isLate: the former; the database then counts as away until it answers.
    /// - Returns: nil when it has been decided upon meanwhile.
    mutating func leave(_ key: LimitKey, _ waiter: Waiter, isLate: Bool, at now: Int64) -> LimitDecision? {
        guard let place = waiting[key]?.firstIndex(where: { $0 === waiter }) else { return nil }
        waiting[key]?.remove(at: place)
        waitingCount -= 1
        if waiting[key]?.isEmpty == true { waiting[key] = nil }
        if isLate { tryAgainAt = now + settings.awayPauseMilliseconds }
        return alone(key, at: now)
    }

    mutating func beginServing() { isServed = true }

    /// Nobody asks any more; from now on this replica decides alone.
    mutating func endServing(at now: Int64) -> [Settled] {
        isServed = false
        wished = []
        pending = []
        return settleAlone(at: now)
    }

    /// - Returns: whether it was not wished for already.
    private mutating func wish(_ key: LimitKey) -> Bool {
        guard wished.count < settings.wishesMax, pending.insert(key).inserted else { return false }
        wished.append(key)
        return true
    }

    private mutating func serve(_ key: LimitKey, at now: Int64) -> [Settled] {
        guard var queue = waiting.removeValue(forKey: key)?[...] else { return [] }
        var settled: [Settled] = []
        while let waiter = queue.first,
            let decision = holdings.with(key, initial: Holding(key.policy), { $0.decide(at: now) })
        {
            settled.append((waiter, decision))
            queue.removeFirst()
        }
        waitingCount -= settled.count
        guard !queue.isEmpty else { return settled }
        waiting[key] = Array(queue)
        if wish(key) { return settled }
        waitingCount -= queue.count
        waiting[key] = nil
        return settled + queue.map { ($0, alone(key, at: now)) }
    }

    private mutating func settleAlone(at now: Int64) -> [Settled] {
        let everybody = waiting
        waiting = [:]
        waitingCount = 0
        return everybody.flatMap { key, waiters in waiters.map { ($0, alone(key, at: now)) } }
    }

    private mutating func alone(_ key: LimitKey, at now: Int64) -> LimitDecision {
        holdings.with(key, initial: Holding(key.policy)) { $0.decideAlone(share: settings.aloneShare, at: now) }
    }
}

/// So many permits for one key.
struct Wish: Sendable, Equatable {
    let key: LimitKey
    let count: Int
}
