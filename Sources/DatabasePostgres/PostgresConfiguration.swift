public import Database

/// Which PostgreSQL server, and how to behave towards it.
public struct PostgresConfiguration: Sendable {
    /// `postgres://user:password@host/database?…`, or libpq's `key=value …`. Never printed.
    public var url: String
    public var pool: PoolLimits
    /// How long a statement may run (`statement_timeout`).
    public var statementLimit: Duration = .seconds(5)
    /// How long a transaction may sit between two statements before the server ends it.
    public var idleInTransactionLimit: Duration = .seconds(10)
    /// How long one attempt to connect may take, unless the address has a `connect_timeout`.
    public var connectLimit: Duration = .seconds(2)
    /// How long the server may say nothing, to those who wait and to a new connection, before it is taken for gone. Short
    /// enough for a refusal within two seconds.
    public var silenceLimit: Duration = .milliseconds(1_300)
    /// How long a transaction keeps trying to reach a server that refuses connections, as while it restarts.
    public var reconnectBudget: Duration = .seconds(1)
    /// How often a whole transaction is run again after a serialization failure or a deadlock.
    public var conflictRetriesMax = 3
    /// Prepared statements kept by a connection; 0 prepares none, for poolers that hand out connections by transaction.
    public var statementsMax = 256
    /// Server settings of each session, such as ``queueSettings`` or `search_path`.
    public var settings: [String: String] = [:]
    public var applicationName = "pressroom"
    /// For waiting, not for dates.
    public var clock: any Clock<Duration>

    public init(
        url: String, pool: PoolLimits = PoolLimits(connectionsMin: 10, connectionsMax: 100),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.url = url
        self.pool = pool
        self.clock = clock
    }

    /// For connections that claim and record jobs: their tables are read by index or not at all, but their statistics are
    /// stale whenever it matters (139 claims/s against 1,605 on a table that was just filled).
    public static let queueSettings = [
        "enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off", "jit": "off",
        "plan_cache_mode": "force_generic_plan",
    ]
}
