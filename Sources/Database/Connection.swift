/// What a driver implements: one connection, driven synchronously by whichever thread hosts it. Deliberately not Sendable.
public protocol Connection: AnyObject, SendableMetatype {
    static var dialect: Dialect { get }

    /// False once the connection is lost; its host then opens another.
    var isUsable: Bool { get }

    /// Begins, runs the body and commits; rolls back when the body throws or `interruption` was requested in time.
    func transaction<R>(
        _ mode: TransactionMode, interruption: Interruption, _ body: (borrowing Transaction) throws -> R
    ) throws -> R

    func close()
}

/// Runs single statements on an open connection, synchronously. A driver's inner side, reached through ``Transaction``.
public protocol StatementRunner: AnyObject {
    var dialect: Dialect { get }

    /// The first statement of this transaction that failed. PostgreSQL refuses everything after it, so SQLite does too;
    /// a savepoint clears it.
    var failure: DatabaseError? { get set }

    /// Milliseconds since 1970 by the one clock that judges: the server's on PostgreSQL, the injected one on SQLite.
    func now() throws -> Double

    /// Runs one statement and returns how many rows it changed, or returned if it changes none.
    func run(_ sql: SQL, eachRow: (borrowing Row) throws -> Void) throws -> Int

    /// Runs one statement whose outcome nobody waits for, at the latest before the next one's answer. If it fails, so does
    /// that, or the commit.
    ///
    /// - Parameter eachRow: is lent the rows when the answer comes, if it does.
    func runLater(_ sql: SQL, eachRow: @escaping (borrowing Row) -> Void) throws

    /// Runs one statement for each row of parameters.
    /// - Returns: how many rows of the table each of them changed.
    func run(_ text: String, binding rows: [[SQLValue]]) throws -> [Int]

    /// Wakes channels as soon as this transaction has committed, on the same way to the server.
    /// - Returns: false when the driver does not, or has just done so: then they are to be posted.
    func wakeAfterCommit(_ channels: [String]) -> Bool

    /// Runs text without parameters, outside the statement cache.
    func script(_ text: String) throws

    /// Runs transaction control, also after a failure.
    func control(_ command: StaticString) throws

    /// Changes how long a statement of this transaction may take.
    func limitStatements(to limit: Duration) throws
}

extension StatementRunner {
    public func runLater(_ sql: SQL, eachRow: @escaping (borrowing Row) -> Void) throws {
        _ = try run(sql) { eachRow($0) }
    }
    public func wakeAfterCommit(_ channels: [String]) -> Bool { false }
}
