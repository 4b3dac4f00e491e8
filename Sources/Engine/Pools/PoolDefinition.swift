/// One scarce resource as configured. Stored at start; later starts change limits and keep what was spent.
public struct PoolDefinition: Sendable {
    public var name: PoolName
    /// Requests and cost a minute; nil leaves the dimension free.
    public var requestsPerMinute: Double?
    public var costPerMinute: Double?
    /// How much of the cost may start at one instant: at least the largest step, at most what the provider takes at
    /// once.
    public var costBurst: Double?
    public var requestBurst: Double = 1
    /// Steps in flight over all workers.
    public var concurrency: Int?
    /// A newly active tenant may be this far ahead of its turn, in cost units: two or three steps.
    public var credit: Double = 0
    /// What calls really cost is learned by step and model, and the next ones are charged so.
    public var learnsEstimates = true
    /// What the provider says of its limits may raise them above what is configured, and not only lower them.
    public var followsProvider = false
    /// A step's place in ``concurrency`` outlasts the step, where it only orders what the provider then does; nil: it
    /// ends with the step.
    public var place: PlaceTerms?
    /// Where work goes that would wait too long here.
    public var fallback: FallbackTerms?
    /// Each tenant's own limits in this pool.
    public var lane = LaneTerms()

    public init(_ name: PoolName) { self.name = name }

    /// A pool without limits is never locked by claims.
    var isLimited: Bool { requestsPerMinute != nil || costPerMinute != nil || concurrency != nil }
}

/// Another pool that takes over what a pool cannot serve in time, such as a second account. No plan names it itself: while it
/// is shut, what stands in it goes back.
public struct FallbackTerms: Sendable {
    public var pool: PoolName
    /// Work that would begin later than this goes over, as far as the other pool can begin it within seconds.
    public var after: Duration
    public init(_ pool: PoolName, after: Duration) {
        self.pool = pool
        self.after = after
    }
}

/// How long an order that a step has placed keeps its place at the provider.
public struct PlaceTerms: Sendable {
    /// At most this long from the step's start, should nobody say that the order is done.
    public var life: Duration
    /// The name, up to its `#`, of the signal that says so.
    public var signal: String?
    public init(life: Duration, signal: String? = nil) {
        self.life = life
        self.signal = signal
    }
}

/// What one tenant may do in a pool, whatever the pool has left.
public struct LaneTerms: Sendable {
    /// Steps in flight.
    public var concurrency: Int?
    /// A site's own limit, such as 200 calls a minute.
    public var requestsPerMinute: Double?
    public var requestBurst: Double = 1
    public init() {}

    var isLimited: Bool { concurrency != nil || requestsPerMinute != nil }
    /// Starts a millisecond.
    var rate: Double? { requestsPerMinute.map { $0 / 60_000 } }
    var burst: Double? { requestsPerMinute.map { _ in requestBurst } }
}
