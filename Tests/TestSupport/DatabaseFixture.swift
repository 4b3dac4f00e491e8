public import Database
import DatabasePostgres
import DatabaseSQLite
import Foundation
public import Testing

/// A database for one test, on each of the drivers: fresh, private, gone afterwards.
///
/// ```swift
/// @Test(arguments: DatabaseFixture.all)
/// func `a job is stored`(_ fixture: DatabaseFixture) async throws {
///     try await fixture.withDatabase(JobStore.migrations) { database in … }
/// }
/// ```
/// PostgreSQL is the server at `PRESSROOM_TEST_DATABASE_URL` (`Scripts/postgres with swift test`). Without it those tests
/// fail, unless `PRESSROOM_SKIP_POSTGRES=1` asks for skipping them.
public struct DatabaseFixture: Sendable, Hashable, CustomTestStringConvertible {
    public enum Kind: String, Sendable, Hashable {
        case memory = "SQLite in memory"
        case sqlite = "SQLite"
        case postgres = "PostgreSQL"
    }
    public let kind: Kind

    public static let memory = DatabaseFixture(kind: .memory)
    public static let sqlite = DatabaseFixture(kind: .sqlite)
    public static let postgres = DatabaseFixture(kind: .postgres)

    /// What production uses.
    public static let all = [sqlite, postgres]
    /// And what simulations use.
    public static let every = [memory, sqlite, postgres]

    public var testDescription: String { kind.rawValue }

    /// Lends a database with these schemas.
    public func withDatabase(
        _ sources: MigrationSource..., body: (any Database) async throws -> Void
    ) async throws {
        try await lend(sources) { database, _ in try await body(database) }
    }

    /// Lends a database and its clock, which can be moved. PostgreSQL has a clock of its own, so there it is nil.
    public func withDatabase(
        _ sources: MigrationSource..., body: (any Database, DatabaseClock?) async throws -> Void
    ) async throws {
        try await lend(sources, body)
    }

    private func lend(
        _ sources: [MigrationSource], _ body: (any Database, DatabaseClock?) async throws -> Void
    ) async throws {
        let clock = DatabaseClock()
        switch kind {
        case .memory:
            let configuration = SQLiteConfiguration(path: SQLiteConfiguration.memory, now: { clock.now })
            let database = InlineHosted(try SQLiteConnection(configuration))
            try await Migrator(database, sources).up()
            try await body(database, clock)
        case .sqlite:
            try await DatabaseFile.with { path in
                let database = try await SQLiteDatabase(SQLiteConfiguration(path: path, now: { clock.now }))
                try await closing(database.close) {
                    try await Migrator(database, sources).up()
                    try await body(database, clock)
                }
            }
        case .postgres:
            try await DatabaseSchema.with { configuration in
                let database = try PostgresDatabase(configuration)
                try await closing(database.close) {
                    try await Migrator(database, sources).up()
                    try await body(database, nil)
                }
            }
        }
    }
}

/// Runs `body` and closes afterwards, whatever happens.
func closing(_ close: () async -> Void, _ body: () async throws -> Void) async throws {
    do { try await body() } catch {
        await close()
        throw error
    }
    await close()
}
