public import Database

/// Where an SQLite database lives and how it behaves.
public struct SQLiteConfiguration: Sendable {
    /// A file's path, or ``memory``.
    public var path: String
    /// Milliseconds since 1970; what ``Transaction/now()`` answers.
    public var now: @Sendable () -> Double
    /// How long a statement may run.
    public var statementLimit: Duration
    /// How long to wait while another process holds the database.
    public var busyLimit: Duration
    /// Readers that run beside the one writer.
    public var readers: PoolLimits
    /// For waiting, not for dates.
    public var clock: any Clock<Duration>

    public static let memory = ":memory:"

    public init(
        path: String, now: @escaping @Sendable () -> Double, statementLimit: Duration = .seconds(5),
        busyLimit: Duration = .seconds(5), readers: PoolLimits = PoolLimits(connectionsMax: 4),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.path = path
        self.now = now
        self.statementLimit = statementLimit
        self.busyLimit = busyLimit
        self.readers = readers
        self.clock = clock
    }
}
