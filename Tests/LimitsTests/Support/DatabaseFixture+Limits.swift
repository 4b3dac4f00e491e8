import Database
import Engine
import Limits
import TestSupport

extension DatabaseFixture {
    /// Lends a database with the limits' table, and a way to move its clock.
    func withMovableLimits(
        _ body: (any Database, @escaping @Sendable (Duration) async throws -> Void) async throws -> Void
    ) async throws {
        try await withEngine { fixture, clock in
            try await Migrator(fixture.database, [EngineMigrations.source, LimitMigrations.source]).up()
            try await body(fixture.database) { try await clock.advance(by: $0) }
        }
    }
}
