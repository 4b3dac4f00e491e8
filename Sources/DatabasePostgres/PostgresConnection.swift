import CLibPQ
public import Database

/// One PostgreSQL connection through libpq: typed parameters, cached prepared statements, cancellation.
public final class PostgresConnection: Connection, StatementRunner {
    public static let dialect = Dialect.postgres

    /// A prepared statement is known by its text and by its parameters' types.
    private struct Key: Hashable { let text: String, types: [Oid] }
    private final class Prepared {
        let name: String
        var columnNames: [String]?
        init(name: String) { self.name = name }
    }
    /// How much longer than the server's own limit we wait for its answer before giving the connection up.
    private static let grace = Duration.seconds(3)

    public var dialect: Dialect { .postgres }
    public var failure: DatabaseError?

    private let link: PostgresLink
    private let pulse: ServerPulse
    private let configuration: PostgresConfiguration
    private var limit: Duration
    private var mode = TransactionMode.write
    private var interruption: Interruption?
    private var statements: StatementCache<Key, Prepared>
    private var preparedCount = 0
    /// The server's time when the transaction began, as long as no statement has run in it.
    private var timeAtBegin: Double?
    private static let beginning = "begin; select cast(extract(epoch from clock_timestamp()) * 1000 as float8)"
    /// Better opened anew: the server has become read-only, and another may be writable; or the schema has changed.
    private var isStale = false

    /// - Throws: ``DatabaseError/Kind/unavailable``, ``DatabaseError/Kind/refused`` or
    ///   ``DatabaseError/Kind/badConfiguration``.
    public convenience init(_ configuration: PostgresConfiguration) throws {
        try self.init(configuration, pulse: ServerPulse(configuration))
    }

    init(_ configuration: PostgresConfiguration, pulse: ServerPulse) throws {
        self.configuration = configuration
        self.pulse = pulse
        limit = configuration.statementLimit
        statements = StatementCache(capacity: configuration.statementsMax)
        link = try PostgresLink(ConnectionInfo(configuration), pulse: pulse)
    }

    public var isUsable: Bool { link.isAlive && !isStale }

    public func close() { link.close() }

    public func transaction<R>(
        _ mode: TransactionMode, interruption: Interruption, _ body: (borrowing Transaction) throws -> R
    ) throws -> R {
        try begin(mode)
        self.interruption = interruption
        interruption.listen(link.cancelRequest.send)
        link.whileWaiting = { [cancelRequest = link.cancelRequest] in
            // The first may have arrived just before the statement did, and then the server forgot it.
            if interruption.isRequested { cancelRequest.send() }
        }
        let ending: Result<R, any Error>
        do {
            // Has a name because Swift 6.3.1's optimizer crashes on a temporary here.
            let transaction = Transaction(self)
            let result = try body(transaction)
            ending = failure.map { .failure($0) } ?? .success(result)
        } catch {
            ending = .failure(error)
        }
        // From here to the end of the transaction nothing can be cancelled, and nothing is on its way.
        interruption.stopListening()
        link.whileWaiting = nil
        self.interruption = nil
        if !link.cancelRequest.settle() { link.close() }
        switch ending {
        case .success(let result) where !interruption.isRequested:
            try commit(mode)
            return result
        case .success:
            rollback()
            throw CancellationError()
        case .failure(let error):
            rollback()
            throw interruption.isRequested && (error as? DatabaseError)?.sqlState == "57014"
                ? CancellationError() : error
        }
    }

    public func run(_ sql: SQL, eachRow: (borrowing Row) throws -> Void) throws -> Int {
        if let failure { throw failure }
        timeAtBegin = nil
        try interruption?.check()
        let statement = sql.statement(for: .postgres)
        try statement.validate()
        let (result, columnNames) = try noting { try execute(statement) }
        let cursor = ResultCursor(result, columnNames: columnNames)
        for row in 0..<result.rowCount {
            cursor.row = row
            try eachRow(Row(cursor))
        }
        return result.affected
    }

    public func run(_ text: String, binding rows: [[SQLValue]]) throws -> [Int] {
        try rows.map { row in
            if let failure { throw failure }
            timeAtBegin = nil
            try interruption?.check()
            try SQLStatement.validate(row)
            return try noting { try execute(SQLStatement(text: text, parameters: row)).0.affected }
        }
    }

    public func now() throws -> Double {
        if let failure { throw failure }
        if let timeAtBegin { return timeAtBegin }
        var now = 0.0
        _ = try run("select cast(extract(epoch from clock_timestamp()) * 1000 as float8)") { now = try $0[0] }
        return now
    }

    public func script(_ text: String) throws {
        if let failure { throw failure }
        timeAtBegin = nil
        try interruption?.check()
        _ = try noting { try link.query(text, within: limit + Self.grace) }
    }

    public func control(_ command: StaticString) throws {
        _ = try link.query(command.description, within: limit + Self.grace)
    }

    public func limitStatements(to limit: Duration) throws {
        self.limit = limit
        try script("set local statement_timeout = \(limit.milliseconds)")
    }
}

extension PostgresConnection {
    /// - Throws: ``DatabaseError/Kind/unavailable`` when the connection turns out to be dead: nothing has been done with it.
    private func begin(_ mode: TransactionMode) throws {
        if pulse.isSilent { throw ServerPulse.silence }
        failure = nil
        timeAtBegin = nil
        self.mode = mode
        limit = configuration.statementLimit
        do {
            switch mode {
            case .read: try control("begin isolation level repeatable read read only")
            case .write:
                // Most bodies ask for the time first: it comes along.
                let answer = try link.query(Self.beginning, within: limit + Self.grace)
                timeAtBegin = try ResultCursor(answer, columnNames: ["now"]).real(0)
            }
        } catch let error as DatabaseError where !link.isAlive {
            throw DatabaseError(.unavailable, error.message, sqlState: error.sqlState)
        }
    }

    private func commit(_ mode: TransactionMode) throws {
        // A connection known to be dead sends nothing, so nothing is in doubt.
        guard link.isAlive else { throw DatabaseError(.connectionLost, "the connection was lost before the commit") }
        let answer: PostgresResult
        do { answer = try link.query("commit", within: limit + Self.grace) } catch let error as DatabaseError {
            if link.isAlive { throw error }
            throw mode == .read
                ? error
                : DatabaseError(
                    .ambiguousCommit, "the connection was lost while committing", sqlState: error.sqlState ?? "08007")
        }
        if answer.command != "COMMIT" {
            throw DatabaseError(.statement, "the database rolled back instead of committing")
        }
    }

    /// A connection that cannot even roll back is given up, and the server rolls back.
    private func rollback() {
        guard link.isAlive else { return }
        do { try control("rollback") } catch { link.close() }
    }

    private func noting<R>(_ work: () throws -> R) throws -> R {
        do { return try work() } catch let error as DatabaseError {
            failure = error
            if error.kind == .readOnly, mode == .write { isStale = true }
            throw error
        }
    }

    private func execute(_ statement: SQLStatement) throws -> (PostgresResult, [String]) {
        let parameters = Parameters(statement.parameters)
        guard configuration.statementsMax > 0 else {
            let result = try link.execute(text: statement.text, parameters, within: limit + Self.grace)
            return (result, result.columnNames)
        }
        let key = Key(text: statement.text, types: parameters.types)
        let known = statements[key]
        let prepared = try known ?? prepare(key)
        do {
            let result = try link.execute(prepared.name, parameters, within: limit + Self.grace)
            let names = prepared.columnNames ?? result.columnNames
            prepared.columnNames = names
            return (result, names)
        } catch let error as DatabaseError where known != nil && ["0A000", "26000"].contains(error.sqlState) {
            // The schema changed under the plan, or somebody deallocated it. A new connection prepares it anew.
            isStale = true
            throw DatabaseError(.serialization, error.message, sqlState: error.sqlState)
        }
    }

    private func prepare(_ key: Key) throws -> Prepared {
        preparedCount += 1
        let prepared = Prepared(name: "s\(preparedCount)")
        try link.prepare(prepared.name, key.text, key.types, within: limit + Self.grace)
        if let oldest = statements.insert(prepared, for: key) {
            _ = try link.query("deallocate \(oldest.name)", within: limit + Self.grace)
        }
        return prepared
    }
}
