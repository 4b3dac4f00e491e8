package import Database
import Synchronization

/// The statements that go to a database, as the product sends them, so that a test can ask for the plan of the real one
/// and not of a copy.
package final class StatementLog: Sendable {
    private let sent = Mutex<[SQL]>([])

    package init() {}

    /// The same database, with everything that is sent to it written down.
    package func observing(_ database: any Database) -> any Database { ObservedDatabase(base: database, log: self) }

    /// What is sent while `body` runs, in order.
    package func statements(of body: () async throws -> Void) async rethrows -> [SQL] {
        sent.withLock { $0 = [] }
        try await body()
        return sent.withLock { $0 }
    }

    fileprivate func note(_ sql: SQL) { sent.withLock { $0.append(sql) } }
}

private struct ObservedDatabase: Database {
    let base: any Database
    let log: StatementLog

    var dialect: Dialect { base.dialect }

    @discardableResult
    func transaction<R: Sendable>(
        _ mode: TransactionMode, _ body: @Sendable (borrowing Transaction) throws -> R
    ) async throws -> R {
        try await base.transaction(mode) { [log] transaction in
            let observed = Transaction(ObservedRunner(transaction.runner, log))
            return try body(observed)
        }
    }
}

private final class ObservedRunner: StatementRunner {
    private let base: any StatementRunner
    private let log: StatementLog

    init(_ base: any StatementRunner, _ log: StatementLog) {
        self.base = base
        self.log = log
    }

    var dialect: Dialect { base.dialect }
    var failure: DatabaseError? {
        get { base.failure }
        set { base.failure = newValue }
    }

    func run(_ sql: SQL, eachRow: (borrowing Row) throws -> Void) throws -> Int {
        log.note(sql)
        return try base.run(sql, eachRow: eachRow)
    }

    func runLater(_ sql: SQL, eachRow: @escaping (borrowing Row) -> Void) throws {
        log.note(sql)
        try base.runLater(sql, eachRow: eachRow)
    }

    func now() throws -> Double { try base.now() }
    func run(_ text: String, binding rows: [[SQLValue]]) throws -> [Int] { try base.run(text, binding: rows) }
    func wakeAfterCommit(_ channels: [String]) -> Bool { base.wakeAfterCommit(channels) }
    func script(_ text: String) throws { try base.script(text) }
    func control(_ command: StaticString) throws { try base.control(command) }
    func limitStatements(to limit: Duration) throws { try base.limitStatements(to: limit) }
}

extension Database {
    /// How a session such as this one runs a statement.
    ///
    /// PostgreSQL plans production's statements without their values (`plan_cache_mode`), which is what `explain execute`
    /// shows; a plain `explain` would plan with them.
    package func plan(of sql: SQL) async throws -> QueryPlan {
        try await transaction { transaction in
            var lines: [String] = []
            switch transaction.dialect {
            case .sqlite: try transaction.forEach("explain query plan \(sql)") { lines.append(try $0["detail"]) }
            case .postgres:
                let statement = sql.statement(for: .postgres)
                let types = statement.parameters.map(Self.typeName).joined(separator: ", ")
                try transaction.script(Self.planFunction)
                lines = try transaction.values(
                    "select plan_of(\(statement.text), \(types), \(statement.parameters.count))")
            }
            return QueryPlan(text: lines.joined(separator: "\n"))
        }
    }

    private static var planFunction: SQL {
        """
        create or replace function plan_of(statement text, types text, count bigint) returns setof text language plpgsql as
        $$
        declare
            nulls text := array_to_string(array_fill('null'::text, array[count::int]), ', ');
            line text;
        begin
            execute 'prepare probe ' || case count when 0 then '' else '(' || types || ')' end || ' as ' || statement;
            for line in execute 'explain (costs off) execute probe '
                || case count when 0 then '' else '(' || nulls || ')' end
            loop
                return next line;
            end loop;
            execute 'deallocate probe';
        end
        $$
        """
    }

    private static func typeName(_ value: SQLValue) -> String {
        switch value.type {
        case nil: "unknown"
        case .integer: "bigint"
        case .real: "float8"
        case .text: "text"
        case .blob: "bytea"
        case .integers: "bigint[]"
        case .reals: "float8[]"
        case .texts: "text[]"
        }
    }
}

/// A plan as the database tells it.
package struct QueryPlan: Sendable, CustomStringConvertible {
    let text: String

    package var description: String { text }

    /// - Parameter index: its whole name.
    package func uses(_ index: String) -> Bool { text.split(whereSeparator: \.isWhitespace).contains { $0 == index } }

    /// Whether rows are put into order after they are read.
    package var sorts: Bool { text.contains("Sort") || text.contains("TEMP B-TREE") }
}
