import CLibPQ
public import Database

/// One PostgreSQL connection through libpq: typed parameters, cached prepared statements, cancellation.
public final class PostgresConnection: Connection, StatementRunner {
    public static let dialect = Dialect.postgres

    /// A prepared statement is known by its text and by its parameters' types.
    struct Key: Hashable { let text: String, types: [Oid] }
    final class Prepared {
        let name: String
        var columnNames: [String]?
        init(name: String) { self.name = name }
    }
    /// A command on its way.
    struct Sent {
        let key: Key?
        /// What it runs; nil if it prepares, or is not prepared.
        var statement: Prepared?
        /// It was prepared in an earlier line.
        var isKnown = false
        /// Of a statement that nobody waits for.
        var eachRow: ((borrowing Row) -> Void)?
    }
    /// A statement with more bytes of parameters than this sets off at once, so that the server works while we go on.
    static let pushBytesMin = 4096
    /// How much longer than the server's own limit we wait for its answer before giving the connection up.
    static let grace = Duration.seconds(3)

    public var dialect: Dialect { .postgres }
    public var failure: DatabaseError?

    let link: PostgresLink
    let pulse: ServerPulse
    private let pace: WakePace
    let configuration: PostgresConfiguration
    var limit: Duration
    var mode = TransactionMode.write
    var interruption: Interruption?
    var statements: StatementCache<Key, Prepared>
    var preparedCount = 0
    /// Commands of this transaction whose answers nobody has waited for yet.
    var line: [Sent] = []
    /// Channels to wake behind the commit.
    var wakes: [String] = []
    /// Whether the server has answered anything in this transaction.
    var isBegun = false
    /// Whether the body has run a statement, reading the clock aside.
    var hasStatements = false
    /// The server's time when the transaction began, as long as no statement has run in it.
    var timeAtBegin: Double?
    private static let clock: SQL = "select cast(extract(epoch from clock_timestamp()) * 1000 as float8)"
    /// Better opened anew: the server has become read-only, and another may be writable; or the schema has changed.
    var isStale = false

    /// - Throws: ``DatabaseError/Kind/unavailable``, ``DatabaseError/Kind/refused`` or
    ///   ``DatabaseError/Kind/badConfiguration``.
    public convenience init(_ configuration: PostgresConfiguration) throws {
        try self.init(configuration, pulse: ServerPulse(configuration), pace: WakePace())
    }

    init(_ configuration: PostgresConfiguration, pulse: ServerPulse, pace: WakePace) throws {
        self.configuration = configuration
        self.pulse = pulse
        self.pace = pace
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
        let statement = sql.statement(for: .postgres)
        try admit(statement.validate)
        let (result, columnNames) = try noting {
            let prepared = try send(statement)
            let result = try lastAnswer()
            let names = prepared?.columnNames ?? result.columnNames
            prepared?.columnNames = names
            return (result, names)
        }
        let cursor = ResultCursor(result, columnNames: columnNames)
        for row in 0..<result.rowCount {
            cursor.row = row
            try eachRow(Row(cursor))
        }
        return result.affected
    }

    public func runLater(_ sql: SQL, eachRow: @escaping (borrowing Row) -> Void) throws {
        let statement = sql.statement(for: .postgres)
        try admit(statement.validate)
        try noting {
            _ = try send(statement)
            line[line.count - 1].eachRow = eachRow
        }
    }

    public func wakeAfterCommit(_ channels: [String]) -> Bool {
        guard pace.mayPass() else { return false }
        wakes += channels
        return true
    }

    public func run(_ text: String, binding rows: [[SQLValue]]) throws -> [Int] {
        try admit { for row in rows { try SQLStatement.validate(row) } }
        return try noting {
            for row in rows { _ = try send(SQLStatement(text: text, parameters: row)) }
            return try answers().suffix(rows.count).map(\.affected)
        }
    }

    public func now() throws -> Double {
        if let failure { throw failure }
        if let timeAtBegin { return timeAtBegin }
        let isFirst = !hasStatements
        var now = 0.0
        _ = try run(Self.clock) { now = try $0[0] }
        if isFirst {
            timeAtBegin = now
            hasStatements = false
        }
        return now
    }

    public func script(_ text: String) throws {
        try admit {}
        try noting {
            _ = try answers()
            try link.script(text, within: limit + Self.grace)
        }
    }

    public func control(_ command: StaticString) throws {
        _ = try send(SQLStatement(text: command.description, parameters: []))
        _ = try lastAnswer()
    }

    public func limitStatements(to limit: Duration) throws {
        self.limit = limit
        try script("set local statement_timeout = \(limit.milliseconds)")
    }
}
