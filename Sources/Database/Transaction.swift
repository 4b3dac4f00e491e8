/// Lent to the body of ``Database/transaction(_:_:)``. Neither copyable nor Sendable: it leaves neither the closure nor the
/// thread.
///
/// After a statement has failed, the transaction can only end: every later statement throws the same error, and so does the
/// commit, even if the body swallowed it. Use ``savepoint(_:)`` around what may fail.
public struct Transaction: ~Copyable {
    package let runner: any StatementRunner

    public init(_ runner: any StatementRunner) { self.runner = runner }

    public var dialect: Dialect { runner.dialect }

    /// Milliseconds since 1970 by the database's clock, read anew at each call.
    public func now() throws -> Double { try runner.now() }

    /// The same moment as a part of a statement, for a column that `\(timestamp:)` writes, in whole milliseconds. PostgreSQL
    /// reads its clock as the statement runs, which spares the trip that ``now()`` is.
    public func timestamp() throws -> SQL {
        switch dialect {
        case .postgres: "date_trunc('milliseconds', clock_timestamp())"
        case .sqlite: "\(timestamp: try now())"
        }
    }

    /// Runs a statement and returns how many rows it changed.
    @discardableResult
    public func execute(_ sql: SQL) throws -> Int { try runner.run(sql) { _ in } }

    /// Runs a statement without waiting for it: on PostgreSQL it travels with the next one, in order, which spares a round
    /// trip.
    ///
    /// If it fails, the next statement throws what it would have thrown, or the commit does.
    ///
    /// - Parameter eachRow: is lent each row that it returns when that is known, at the latest before the transaction's own
    ///   result. A transaction that is undone later may have lent some.
    public func executeLater(_ sql: SQL, eachRow: @escaping (borrowing Row) -> Void = { _ in }) throws {
        try runner.runLater(sql, eachRow: eachRow)
    }

    /// For what can be worked out anew: the commit need not reach the disk before it is answered. A PostgreSQL server that
    /// crashes in the next moments may forget it; SQLite, and a crash of our own process, lose nothing.
    public func commitUnflushed() throws {
        guard dialect == .postgres else { return }
        try executeLater("select set_config('synchronous_commit', 'off', true)")
    }

    /// Wakes channels of ``Notifications`` as soon as this transaction has committed, sooner than by a post after it.
    /// - Returns: false when they are to be posted: the database has no such way, or has gone it just now.
    public func wakeAfterCommit(_ channels: [String]) -> Bool { runner.wakeAfterCommit(channels) }

    /// Lends each row to `body`, in order.
    public func forEach(_ sql: SQL, _ body: (borrowing Row) throws -> Void) throws {
        _ = try runner.run(sql, eachRow: body)
    }

    /// All rows, decoded.
    public func all<T: RowDecodable>(_ sql: SQL, as type: T.Type = T.self) throws -> [T] {
        var rows: [T] = []
        try forEach(sql) { rows.append(try T($0)) }
        return rows
    }

    /// The first row, decoded; nil when there is none.
    public func one<T: RowDecodable>(_ sql: SQL, as type: T.Type = T.self) throws -> T? {
        var found: T?
        try forEach(sql) { if found == nil { found = try T($0) } }
        return found
    }

    /// The first column of all rows.
    public func values<V: SQLDecodable>(_ sql: SQL, as type: V.Type = V.self) throws -> [V] {
        var found: [V] = []
        try forEach(sql) { found.append(try $0[0]) }
        return found
    }

    /// The first column of the first row; nil when there is no row.
    public func value<V: SQLDecodable>(_ sql: SQL, as type: V.Type = V.self) throws -> V? {
        var found: V?
        try forEach(sql) { if found == nil { found = try $0[0] } }
        return found
    }

    /// Inserts many rows: one statement whose parameters are a column each on PostgreSQL, one prepared statement run for
    /// each row on SQLite, where that is quicker. Nobody waits for it, as with ``executeLater(_:)``.
    ///
    /// ```swift
    /// try tx.insert(rows, into: "signals (job_id, name)")
    /// ```
    /// - Parameter rows: all of the same length, the values of a column of one type.
    public func insert(_ rows: [[SQLValue]], into target: SQL) throws {
        guard let width = rows.first?.count else { return }
        switch dialect {
        case .sqlite: try execute("insert into \(target) values (\(list: rows[0]))", binding: rows)
        case .postgres:
            let columns = try (0..<width).map { try SQLValue.column(rows, at: $0) }
            try executeLater("insert into \(target) select * from unnest(\(list: columns))")
        }
    }

    /// Runs one statement for each row of parameters: quick on SQLite, a round trip each on PostgreSQL.
    ///
    /// - Parameter statement: as it is for one of the rows; only its text counts.
    /// - Returns: how many rows of the table each of them changed.
    @discardableResult
    public func execute(_ statement: SQL, binding rows: [[SQLValue]]) throws -> [Int] {
        try runner.run(statement.statement(for: dialect).text, binding: rows)
    }

    /// Runs `body` so that its failure undoes its own work alone and the transaction may go on.
    @discardableResult
    public func savepoint<R>(_ body: (borrowing Transaction) throws -> R) throws -> R {
        try runner.control("savepoint nested")
        do {
            let result = try body(self)
            if let failure = runner.failure { throw failure }
            try runner.control("release savepoint nested")
            return result
        } catch {
            try undoSavepoint(after: error)
            throw error
        }
    }

    /// Text without parameters, for migrations.
    public func script(_ sql: SQL) throws {
        let statement = sql.statement(for: dialect)
        precondition(statement.parameters.isEmpty, "a script binds nothing")
        try runner.script(statement.text)
    }

    /// Changes how long each later statement of this transaction may take.
    public func limitStatements(to limit: Duration) throws { try runner.limitStatements(to: limit) }

    private func undoSavepoint(after error: any Error) throws {
        do {
            try runner.control("rollback to savepoint nested")
            try runner.control("release savepoint nested")
            runner.failure = nil
        } catch {
            // The whole transaction is gone (a full disk, a lost connection): the first error says why, and it stays.
        }
    }
}
