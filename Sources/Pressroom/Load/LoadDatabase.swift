import Database
import DatabasePostgres
import Foundation

/// Where a load run keeps its jobs: a schema of its own on PostgreSQL, else a file in the run's folder.
enum LoadDatabase {
    /// On PostgreSQL, so that nobody's tables are touched. Emptied when a run begins, and left for looking at when it ends.
    static let schema = "pressroom_load"

    /// - Parameter chosen: `postgres://…`, or nil for SQLite.
    /// - Returns: what the processes are given as DATABASE_URL, over a database without tables.
    static func prepare(_ chosen: String?, in folder: URL) async throws -> String {
        guard let chosen else { return "sqlite:\(folder.path)/load.sqlite" }
        let database = try PostgresDatabase(
            PostgresConfiguration(url: chosen, pool: .init(connectionsMin: 0, connectionsMax: 1)))
        do {
            try await database.transaction { transaction in
                try transaction.script("drop schema if exists pressroom_load cascade")
                try transaction.script("create schema pressroom_load")
            }
        } catch {
            await database.close()
            throw error
        }
        await database.close()
        return chosen + (chosen.contains("?") ? "&" : "?") + "options=-c%20search_path%3D\(schema)"
    }
}
