/// How many connections a pool holds and how long it lets a caller wait.
public struct PoolLimits: Sendable, Hashable {
    /// Kept open when idle.
    public var connectionsMin: Int
    public var connectionsMax: Int
    /// How long a transaction may wait for a connection before it throws ``DatabaseError/Kind/poolExhausted``.
    public var wait: Duration
    /// How many may wait at once; the next one is refused at once.
    public var waitingMax: Int
    /// Connections above the minimum that were idle this long are closed by `run()`, at most twice as late.
    public var idle: Duration

    public init(
        connectionsMin: Int = 0, connectionsMax: Int, wait: Duration = .seconds(5), waitingMax: Int = 10_000,
        idle: Duration = .seconds(60)
    ) {
        precondition(connectionsMin >= 0 && connectionsMin <= connectionsMax, "a pool's minimum exceeds its maximum")
        precondition(connectionsMax >= 1, "a pool of no connections")
        self.connectionsMin = connectionsMin
        self.connectionsMax = connectionsMax
        self.wait = wait
        self.waitingMax = waitingMax
        self.idle = idle
    }
}

/// What a pool is doing, for metrics and health.
public struct PoolStatistics: Sendable, Hashable {
    public let open: Int
    public let idle: Int
    public let waiting: Int
    public let max: Int

    public init(open: Int, idle: Int, waiting: Int, max: Int) {
        self.open = open
        self.idle = idle
        self.waiting = waiting
        self.max = max
    }
}
