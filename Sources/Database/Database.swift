/// What a transaction may do.
public enum TransactionMode: Sendable, Hashable {
    /// Reads and writes. On SQLite it holds the one write lock; on PostgreSQL it is `read committed`.
    case write
    /// Reads one snapshot; a write throws ``DatabaseError/Kind/readOnly``. On SQLite it runs beside the writer.
    case read
}

/// The one thing everything above knows of a database.
///
/// A transaction is one synchronous closure, run where the connection lives. There is no `await` inside it, so no lock
/// is ever held across a suspension.
public protocol Database: Sendable {
    var dialect: Dialect { get }

    /// Runs `body` in a transaction and returns what it returned once that is durable.
    ///
    /// The body holds database work only: after a serialization failure or a deadlock it may be run again. When it throws,
    /// or when the calling task is cancelled before the commit is sent, everything is rolled back. A commit that happened
    /// is always reported, cancelled or not.
    /// - Throws: what `body` throws; ``DatabaseError``; `CancellationError`, and then nothing was written.
    ///   After ``DatabaseError/Kind/ambiguousCommit`` the caller must look before it repeats.
    @discardableResult
    func transaction<R: Sendable>(
        _ mode: TransactionMode, _ body: @Sendable (borrowing Transaction) throws -> R
    ) async throws -> R
}

extension Database {
    /// A transaction that may write.
    @discardableResult
    public func transaction<R: Sendable>(_ body: @Sendable (borrowing Transaction) throws -> R) async throws -> R {
        try await transaction(.write, body)
    }

    /// A transaction that reads one snapshot.
    @discardableResult
    public func read<R: Sendable>(_ body: @Sendable (borrowing Transaction) throws -> R) async throws -> R {
        try await transaction(.read, body)
    }
}

/// A database behind a bounded number of connections.
public protocol PooledDatabase: Database {
    var statistics: PoolStatistics { get }
}
