/// One line of `migrate status`.
public struct MigrationStatus: Sendable, Equatable {
    public enum State: Sendable, Equatable {
        case pending
        case applied
        /// Applied, and its text has changed since.
        case changed
        /// Applied by a newer version of the program; this one does not know it.
        case unknown
    }
    public let source: String
    public let number: Int
    public let name: String
    public let state: State
    /// Milliseconds since 1970, by the database's clock.
    public let appliedAt: Double?
}

/// A row of `schema_migrations`.
struct AppliedMigration: RowDecodable, Sendable {
    let source: String, number: Int, name: String, checksum: String, appliedAt: Double

    init(_ row: borrowing Row) throws {
        source = try row["source"]
        number = try row["number"]
        name = try row["name"]
        checksum = try row["checksum"]
        appliedAt = try row["applied_at"]
    }
}
