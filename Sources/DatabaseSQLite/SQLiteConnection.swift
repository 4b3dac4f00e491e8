import CSQLite
public import Database

/// One SQLite connection on the C API: cached statements, a watch that can stop a statement, settings that are read back.
public final class SQLiteConnection: Connection, StatementRunner {
    public static let dialect = Dialect.sqlite
    static let statementsMax = 512

    public var dialect: Dialect { .sqlite }
    public var failure: DatabaseError?

    let handle: SQLiteHandle
    let watch: StatementWatch
    /// Whether earlier bodies of the running transaction wait for the same commit. SQLite undoes the whole transaction when
    /// it stops a write, so then only reads are stopped.
    var sharesTransaction = false
    private let clock: @Sendable () -> Double
    private var mode = TransactionMode.write
    private var statements = StatementCache<String, CachedStatement>(capacity: statementsMax)

    /// Opens the database, creating the file with mode 0600 if it is missing.
    public convenience init(_ configuration: SQLiteConfiguration) throws {
        try self.init(configuration, for: .write)
    }

    init(_ configuration: SQLiteConfiguration, for mode: TransactionMode) throws {
        handle = try SQLiteHandle(path: configuration.path, creating: mode == .write)
        watch = StatementWatch(limit: configuration.statementLimit)
        clock = configuration.now
        watch.attach(to: handle)
        try handle.configure(for: mode, configuration)
    }

    deinit { close() }

    public var isUsable: Bool { handle.isOpen }

    public func close() {
        for statement in statements.statements { statement.finalize() }
        statements.removeAll()
        handle.close()
    }

    public func transaction<R>(
        _ mode: TransactionMode, interruption: Interruption, _ body: (borrowing Transaction) throws -> R
    ) throws -> R {
        try control(mode == .write ? "begin immediate" : "begin")
        do {
            let result = try perform(mode, interruption, body)
            try commit()
            return result
        } catch {
            try rollback()
            throw error
        }
    }

    /// Runs a body inside the transaction that is open, and notices what it swallowed.
    func perform<R>(
        _ mode: TransactionMode, _ interruption: Interruption, _ body: (borrowing Transaction) throws -> R
    ) throws -> R {
        prepareBody(mode, interruption)
        defer { watch.end() }
        // Has a name because Swift 6.3.1's optimizer crashes on a temporary here.
        let transaction = Transaction(self)
        let result = try body(transaction)
        try finishBody(interruption)
        return result
    }

    private func prepareBody(_ mode: TransactionMode, _ interruption: Interruption) {
        failure = nil
        self.mode = mode
        watch.begin(interruption)
    }

    private func finishBody(_ interruption: Interruption) throws {
        if let failure { throw failure }
        try interruption.check()
    }

    public func now() -> Double { clock() }

    public func limitStatements(to limit: Duration) { watch.limit = limit }

    public func run(_ sql: SQL, eachRow: (borrowing Row) throws -> Void) throws -> Int {
        if let failure { throw failure }
        try watch.check()
        let rendered = sql.statement(for: .sqlite)
        try rendered.validate()
        let statement = try noting { try lend(rendered.text) }
        defer { giveBack(statement) }
        try noting { try prepareRun(statement, rendered.parameters) }
        let changesBefore = handle.changesTotal
        var rows = 0
        while try noting({ try step(statement) }) {
            rows += 1
            try eachRow(Row(statement))
        }
        if statement.isReadOnly { return rows }
        return handle.changesTotal == changesBefore ? 0 : handle.changes
    }

    public func run(_ text: String, binding rows: [[SQLValue]]) throws -> [Int] {
        if let failure { throw failure }
        let statement = try noting { try lend(text) }
        defer { giveBack(statement) }
        return try rows.map { row in
            try watch.check()
            try SQLStatement.validate(row)
            try noting { try prepareRun(statement, row) }
            defer { statement.rewind() }
            let changesBefore = handle.changesTotal
            while try noting({ try step(statement) }) {}
            return handle.changesTotal == changesBefore ? 0 : handle.changes
        }
    }

    public func script(_ text: String) throws {
        if let failure { throw failure }
        try watch.check()
        watch.start(stoppable: !sharesTransaction)
        try noting { try handle.execute(text, watch: watch) }
    }

    public func control(_ command: StaticString) throws {
        let statement = try lend(command.description)
        defer { giveBack(statement) }
        watch.start(stoppable: false)
        _ = try step(statement)
    }
}

extension SQLiteConnection {
    var isInTransaction: Bool { handle.isInTransaction }

    func commit() throws { try control("commit") }

    /// Does nothing when SQLite has rolled back by itself, as it does on a full disk.
    func rollback() throws { if isInTransaction { try control("rollback") } }

    /// Remembers that the transaction can only end, unless it was the task that wished to stop.
    private func noting<R>(_ work: () throws -> R) throws -> R {
        do { return try work() } catch let error as DatabaseError {
            failure = error
            throw error
        }
    }

    private func prepareRun(_ statement: CachedStatement, _ parameters: [SQLValue]) throws {
        if mode == .read, !statement.isReadOnly {
            throw DatabaseError(.readOnly, "a reading transaction tried to write", sqlState: "25006")
        }
        guard statement.bind(parameters) else { throw handle.failure() }
        watch.start(stoppable: statement.isReadOnly || !sharesTransaction)
    }

    private func step(_ statement: CachedStatement) throws -> Bool {
        switch sqlite3_step(statement.pointer) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw watch.reason ?? handle.failure()
        }
    }

    /// A statement that is busy, because a row of it is being looked at, gets a twin.
    private func lend(_ text: String) throws -> CachedStatement {
        if let known = statements[text], !known.isBusy {
            known.isBusy = true
            return known
        }
        let statement = CachedStatement(try handle.prepare(text), isCached: statements[text] == nil)
        if statement.isCached, let oldest = statements.insert(statement, for: text) { oldest.leaveCache() }
        return statement
    }

    private func giveBack(_ statement: CachedStatement) {
        statement.reset()
        if !statement.isCached { statement.finalize() }
    }
}
