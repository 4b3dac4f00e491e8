import Synchronization

/// Simulation and unit tests: the connection runs inline on the caller's executor. Never a hop, never an await.
///
/// Not an actor on purpose: an actor shared by simulated processes wedges when the process that drains its mailbox is killed.
public final class InlineHosted<C: Connection>: Database {
    private let connection: Mutex<C>

    public var dialect: Dialect { C.dialect }

    public init(_ connection: sending C) { self.connection = Mutex(connection) }

    @discardableResult
    public func transaction<R: Sendable>(
        _ mode: TransactionMode, _ body: @Sendable (borrowing Transaction) throws -> R
    ) async throws -> R {
        try Task.checkCancellation()
        return try transactionNow(mode, body)
    }

    /// The same without an `await`, for a host that decides itself when a commit happens.
    @discardableResult
    public func transactionNow<R: Sendable>(
        _ mode: TransactionMode = .write, _ body: @Sendable (borrowing Transaction) throws -> R
    ) throws -> R {
        try connection.withLock { try $0.transaction(mode, interruption: Interruption(), body) }
    }
}
