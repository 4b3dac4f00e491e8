import Outbound

extension Configuration {
    /// The database.
    struct Storage: Sendable {
        let database: DatabaseAddress
        /// Connections of one process, at most and kept open when idle. PostgreSQL only.
        let poolMax: Int
        let poolMin: Int
        /// How long one statement may run.
        let queryTimeout: Duration

        init(_ reader: inout SettingReader) {
            database = reader.value("DATABASE_URL", .database, default: .sqlite(path: "data/pressroom.sqlite"))
            poolMax = reader.value("DB_POOL_MAX", .integer(in: 1...1_000), default: 100)
            // The usual minimum gives way to a smaller maximum; only a minimum that was asked for can be wrong.
            poolMin = reader.value("DB_POOL_MIN", .integer(in: 0...1_000), default: min(10, poolMax))
            if poolMin > poolMax {
                let advice = "expected no more than DB_POOL_MAX, which is \(poolMax)"
                reader.refuse("DB_POOL_MIN", shown: "\"\(poolMin)\"", advice)
            }
            queryTimeout = reader.value(
                "DB_QUERY_TIMEOUT", .duration(in: .milliseconds(10)...(.seconds(600))), default: .seconds(5))
        }
    }
}
