import Database

/// The database's clock as engine tests move it, the same on both databases. It stands still until it is moved.
///
/// On PostgreSQL a function of the test's own schema stands before the server's `clock_timestamp()`.
package struct EngineClock: Sendable {
    /// Where it stands at first, in milliseconds since 1970: 2027-01-15T08:00:00Z.
    package static let beginning = 1_800_000_000_000.0

    private let database: any Database
    private let local: DatabaseClock?

    /// - Parameter local: the clock of an SQLite database; nil on PostgreSQL, where the stand-in is there already.
    init(_ database: any Database, local: DatabaseClock?) {
        self.database = database
        self.local = local
    }

    /// Makes the stand-in. Statements that were prepared before go on asking the server's own clock.
    static func install(in database: any Database) async throws {
        try await database.transaction { transaction in
            try transaction.script("create table test_clock (frozen_at double precision)")
            try transaction.execute("insert into test_clock values (\(Self.beginning))")
            try transaction.script(Self.standIn)
        }
    }

    package func freeze(at milliseconds: Double = beginning) async throws {
        if let local { return local.freeze(at: milliseconds) }
        try await database.transaction { try $0.execute("update test_clock set frozen_at = \(milliseconds)") }
    }

    package func advance(by duration: Duration) async throws {
        if let local { return local.advance(by: duration) }
        let (seconds, attoseconds) = duration.components
        let milliseconds = Double(seconds) * 1000 + Double(attoseconds) / 1e15
        try await database.transaction { transaction in
            try transaction.execute("update test_clock set frozen_at = frozen_at + \(milliseconds)")
        }
    }

    private static let standIn: SQL = """
        create function clock_timestamp() returns timestamptz language sql volatile as
        'select pg_catalog.to_timestamp(frozen_at / 1000) from test_clock'
        """
}
