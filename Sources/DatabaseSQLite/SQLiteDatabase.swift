public import Database

/// The embedded database: one writer with group commit, and readers beside it.
///
/// A commit is on disk before its answer (`synchronous = full`, write-ahead log). Several processes may use the file; one of
/// them runs workers (``SQLiteWorkerLock``).
public final class SQLiteDatabase: Database {
    private let writer: SQLiteWriter
    private let readers: ConnectionPool<SQLiteConnection>

    public var dialect: Dialect { .sqlite }

    /// Opens the file, creating it if it is missing.
    ///
    /// - Throws: ``DatabaseError`` saying what is wrong with the path, the file or its disk.
    public init(_ configuration: SQLiteConfiguration) async throws {
        precondition(configuration.path != SQLiteConfiguration.memory, "readers cannot share a database in memory")
        writer = SQLiteWriter(configuration)
        readers = ConnectionPool(name: "sqlite-reader", limits: configuration.readers, clock: configuration.clock) {
            try SQLiteConnection(configuration, for: .read)
        }
        try await writer.open()
    }

    @discardableResult
    public func transaction<R: Sendable>(
        _ mode: TransactionMode, _ body: @Sendable (borrowing Transaction) throws -> R
    ) async throws -> R {
        switch mode {
        case .write: try await writer.transaction(asked: .now, body)
        case .read: try await readers.transaction(.read, body)
        }
    }

    /// Closes readers that stay idle, until the task is cancelled.
    public func run() async throws { try await readers.run() }

    public func close() async {
        await readers.close()
        await writer.close()
    }

    /// The readers; the writer is one more.
    public var statistics: PoolStatistics { readers.statistics }

    /// How much group commit saved: each commit is one sync of the disk.
    public var writeCounts: WriteCounts { writer.writeCounts }

    /// What would let an acknowledged commit be lost; empty when all is well.
    public func durability() async throws -> [DurabilityProblem] {
        let level = try await writer.setting("synchronous")
        return level == "2" ? [] : [DurabilityProblem(setting: "synchronous", value: level, wanted: "2 (full)")]
    }

    /// Reads the whole file and returns what is damaged, at most 100 lines; empty when all is well.
    public func damage(within limit: Duration) async throws -> [String] {
        let lines = try await read { tx in
            try tx.limitStatements(to: limit)
            return try tx.values("pragma quick_check", as: String.self)
        }
        return lines == ["ok"] ? [] : lines
    }
}
