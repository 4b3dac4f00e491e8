public import Database

/// A PostgreSQL server behind a pool of connections.
///
/// - A server that restarts is waited for within ``PostgresConfiguration/reconnectBudget``, as long as nothing was sent.
/// - A server that says nothing to anybody for ``PostgresConfiguration/silenceLimit`` is taken for gone until it answers.
/// - Serialization failures and deadlocks run the body again, a few times.
/// - Nothing else is repeated: a connection that breaks in the middle is the caller's to judge.
public final class PostgresDatabase: PooledDatabase {
    private let pool: ConnectionPool<PostgresConnection>
    private let configuration: PostgresConfiguration

    public var dialect: Dialect { .postgres }
    public var statistics: PoolStatistics { pool.statistics }

    /// Checks the address; connects to nothing yet.
    ///
    /// - Throws: ``DatabaseError/Kind/badConfiguration``.
    public init(_ configuration: PostgresConfiguration) throws {
        let pulse = try ServerPulse(configuration)
        let pace = WakePace()
        self.configuration = configuration
        pool = ConnectionPool(name: "postgres", limits: configuration.pool, clock: configuration.clock) {
            try PostgresConnection(configuration, pulse: pulse, pace: pace)
        }
    }

    @discardableResult
    public func transaction<R: Sendable>(
        _ mode: TransactionMode, _ body: @Sendable (borrowing Transaction) throws -> R
    ) async throws -> R {
        var patience = Patience(budget: configuration.reconnectBudget, conflictsMax: configuration.conflictRetriesMax)
        while true {
            do {
                return try await pool.transaction(mode, body)
            } catch let error as DatabaseError {
                guard let delay = patience.delay(after: error) else { throw error }
                try await configuration.clock.sleep(for: delay)
            }
        }
    }

    /// Opens the minimum of connections, then closes what stays idle, until the task is cancelled.
    public func run() async throws { try await pool.run() }

    public func close() async { await pool.close() }

    /// What would let an acknowledged commit be lost; empty when all is well.
    public func durability() async throws -> [DurabilityProblem] {
        let settings = try await read { tx in
            try tx.all(
                """
                select name, setting from pg_settings
                 where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'
                 order by name
                """, as: Setting.self)
        }
        return settings.map { DurabilityProblem(setting: $0.name, value: $0.value, wanted: "on") }
    }

    private struct Setting: RowDecodable, Sendable {
        let name: String, value: String
        init(_ row: borrowing Row) throws {
            name = try row["name"]
            value = try row["setting"]
        }
    }
}
