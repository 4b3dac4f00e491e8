/// Production: a connection on its own thread. A transaction is one hop in and one hop out.
///
/// The connection is opened by the first transaction, and again after it was lost.
public actor ThreadHosted<C: Connection>: Database {
    private nonisolated let thread: ThreadExecutor
    private let open: @Sendable () throws -> C
    private var connection: C?
    private var closed = false

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
    public nonisolated var dialect: Dialect { C.dialect }

    public init(name: String, open: @escaping @Sendable () throws -> C) {
        thread = ThreadExecutor(name: name)
        self.open = open
    }

    deinit { thread.shutdown() }

    @discardableResult
    public func transaction<R: Sendable>(
        _ mode: TransactionMode, _ body: @Sendable (borrowing Transaction) throws -> R
    ) async throws -> R {
        let interruption = Interruption()
        return try await withTaskCancellationHandler {
            try interruption.check()
            return try usable().transaction(mode, interruption: interruption, body)
        } onCancel: {
            interruption.request()
        }
    }

    /// Opens the connection if it is not open.
    public func connect() throws { _ = try usable() }

    /// Closes the connection and lets the thread end. A later transaction throws ``DatabaseError/Kind/closed``.
    public func close() {
        closed = true
        connection?.close()
        connection = nil
        thread.shutdown()
    }

    private func usable() throws -> C {
        if closed { throw DatabaseError(.closed, "the database connection was closed") }
        if let connection, connection.isUsable { return connection }
        connection?.close()
        connection = nil
        let opened = try open()
        connection = opened
        return opened
    }
}
