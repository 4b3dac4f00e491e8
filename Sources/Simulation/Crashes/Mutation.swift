import Database
import DatabaseSQLite

/// One guard that is taken out of the engine's statements on their way to the database: a crash scenario that does not
/// notice it proves nothing.
package enum Mutation: String, Sendable, CaseIterable {
    /// Records, failures and releases no longer ask whether the step is still its worker's.
    case fence
    /// The rescuer takes every running step, whether or not its lease has run out.
    case rescuer
    /// What a step frees is not booked.
    case settle

    func apply(to statement: SQL) -> SQL { statement.replacingLiterals(replacement) }

    /// Whether a statement is left out altogether.
    func drops(_ text: String) -> Bool {
        self == .settle
            && text.hasPrefix("insert into lane_deltas (pool_id, lane_id, n, cost, running, settle) values ")
    }

    private func replacement(for literal: String) -> StaticString? {
        switch (self, literal) {
        case (.fence, "state + 0 = 1 and fence = "): "state + 0 = 1 and fence > 0 * "
        case (.rescuer, " from jobs\n where state = 1 and lease_until < "):
            " from jobs\n where state = 1 and lease_until > 0 * "
        default: nil
        }
    }
}

/// A connection that changes statements before it hands them on.
final class MutatedConnection: Connection, StatementRunner {
    static let dialect = Dialect.sqlite
    private let inner: SQLiteConnection
    private let mutation: Mutation

    init(_ inner: SQLiteConnection, _ mutation: Mutation) {
        self.inner = inner
        self.mutation = mutation
    }

    var dialect: Dialect { .sqlite }
    var isUsable: Bool { inner.isUsable }
    var failure: DatabaseError? {
        get { inner.failure }
        set { inner.failure = newValue }
    }

    func transaction<R>(
        _ mode: TransactionMode, interruption: Interruption, _ body: (borrowing Transaction) throws -> R
    ) throws -> R {
        try inner.transaction(mode, interruption: interruption) { _ in
            let transaction = Transaction(self)
            return try body(transaction)
        }
    }

    func run(_ sql: SQL, eachRow: (borrowing Row) throws -> Void) throws -> Int {
        let isDropped = mutation.drops(sql.statement(for: .sqlite).text)
        return isDropped ? 0 : try inner.run(mutation.apply(to: sql), eachRow: eachRow)
    }

    func run(_ text: String, binding rows: [[SQLValue]]) throws -> [Int] {
        mutation.drops(text) ? rows.map { _ in 1 } : try inner.run(text, binding: rows)
    }

    func now() throws -> Double { inner.now() }
    func script(_ text: String) throws { try inner.script(text) }
    func control(_ command: StaticString) throws { try inner.control(command) }
    func limitStatements(to limit: Duration) throws { inner.limitStatements(to: limit) }
    func close() { inner.close() }
}
