import CSQLite
import Database

extension SQLiteHandle {
    /// The write-ahead log is folded into the file every 1,000 pages, and afterwards cut to this size.
    private static let logBytesMax = 64 << 20
    /// For each connection; a reader's pages are in the kernel's cache as well.
    private static let cacheKiB = 4 << 10

    /// Sets what durability and equal meaning on both databases need, and reads it back: SQLite ignores what it does not know.
    func configure(for mode: TransactionMode, _ configuration: SQLiteConfiguration) throws {
        sqlite3_busy_timeout(pointer, Int32(clamping: configuration.busyLimit.milliseconds))
        if configuration.path != SQLiteConfiguration.memory {
            try set("journal_mode", "wal", readsBack: "wal")
            try set("synchronous", "full", readsBack: "2")
            try set("journal_size_limit", "\(Self.logBytesMax)", readsBack: "\(Self.logBytesMax)")
        }
        try set("foreign_keys", "on", readsBack: "1")
        try set("cache_size", "-\(Self.cacheKiB)", readsBack: "-\(Self.cacheKiB)")
        try set("temp_store", "memory", readsBack: "2")
        // As on PostgreSQL.
        try execute("pragma case_sensitive_like = on")
        if mode == .read { try set("query_only", "on", readsBack: "1") }
    }

    private func set(_ name: String, _ value: String, readsBack wanted: String) throws {
        try execute("pragma \(name) = \(value)")
        let actual = try setting(name)
        if actual != wanted {
            throw DatabaseError(
                .badConfiguration, "SQLite keeps \(name) at \(actual) instead of \(wanted)",
                hint: "Put the database on a local disk; network file systems cannot hold it.")
        }
    }

    func setting(_ name: String) throws -> String {
        let statement = try prepare("pragma \(name)")
        defer { sqlite3_finalize(statement) }
        guard sqlite3_step(statement) == SQLITE_ROW, let text = sqlite3_column_text(statement, 0) else {
            throw failure()
        }
        return String(cString: text)
    }
}

extension Duration {
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
