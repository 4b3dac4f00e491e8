import Arena
import Blog
import Database
import DatabasePostgres
import DatabaseSQLite
import Engine
import Foundation
import Limits
import Logging
import Outbound

/// The database of this process, with what has to run for it.
struct OpenStorage: Sendable {
    let database: any Database
    let notifications: any Notifications
    /// Kept running until the process leaves; the database's before the notifications'.
    let services: [@Sendable () async throws -> Void]
    /// On SQLite: the file, for the right to run workers.
    let sqlitePath: String?
    let postgresNotifications: PostgresNotifications?
    let close: @Sendable () async -> Void
    let durability: @Sendable () async throws -> [DurabilityProblem]

    static let migrations = [
        EngineMigrations.source, BlogMigrations.source, ArenaMigrations.source, LimitMigrations.source,
    ]

    var migrator: Migrator { Migrator(database, Self.migrations) }

    static func open(_ storage: Configuration.Storage, logger: Logger) async throws -> OpenStorage {
        switch storage.database {
        case .sqlite(let path): try await openSQLite(path, storage)
        case .postgres(let url, _): try await openPostgres(url.exposed, storage, logger)
        }
    }

    /// Opens, and brings the schema up to date where that is safe to do unasked: on SQLite, which no other version shares.
    /// On PostgreSQL pending migrations are applied only when the database is empty; else `migrate up` is a decision.
    static func openReady(_ storage: Configuration.Storage, logger: Logger) async throws -> OpenStorage {
        let opened = try await open(storage, logger: logger)
        do {
            try await opened.refuseWeakDurability()
            let status = try await opened.migrator.status()
            if opened.sqlitePath != nil || status.allSatisfy({ $0.state == .pending }) {
                for step in try await opened.migrator.up() {
                    logger.info("migrated", metadata: ["source": "\(step.source)", "number": "\(step.number)"])
                }
            }
            try await opened.migrator.check()
            return opened
        } catch {
            await opened.close()
            throw error
        }
    }

    private func refuseWeakDurability() async throws {
        let problems = try await durability()
        guard !problems.isEmpty, Surroundings.environment["PRESSROOM_ALLOW_WEAK_DURABILITY"] != "1" else { return }
        throw CommandError(
            "database.not_durable",
            "This database may lose what it has acknowledged: \(problems.map(\.description).joined(separator: "; ")).",
            hint: "Correct the settings, or set PRESSROOM_ALLOW_WEAK_DURABILITY=1 if losing work is acceptable.",
            status: .configuration)
    }

    private static func openSQLite(_ path: String, _ storage: Configuration.Storage) async throws -> OpenStorage {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw DatabaseError(
                .notWritable, "cannot create the folder \(folder)",
                hint: "Choose another DATABASE_URL, such as sqlite:/var/lib/pressroom/pressroom.sqlite.")
        }
        let database = try await SQLiteDatabase(
            SQLiteConfiguration(
                path: path, now: Surroundings.milliseconds, statementLimit: storage.queryTimeout,
                clock: Surroundings.clock))
        let notifications = LocalNotifications()
        return OpenStorage(
            database: database, notifications: notifications,
            services: [{ try await database.run() }, { try await notifications.run() }], sqlitePath: path,
            postgresNotifications: nil, close: { await database.close() },
            durability: { try await database.durability() })
    }

    private static func openPostgres(
        _ url: String, _ storage: Configuration.Storage, _ logger: Logger
    ) async throws -> OpenStorage {
        var configuration = PostgresConfiguration(
            url: url, pool: PoolLimits(connectionsMin: storage.poolMin, connectionsMax: storage.poolMax),
            clock: Surroundings.clock)
        configuration.statementLimit = storage.queryTimeout
        configuration.settings = PostgresConfiguration.queueSettings
        let database = try PostgresDatabase(configuration)
        let notifications = try PostgresNotifications(configuration, logger: logger)
        return OpenStorage(
            database: database, notifications: notifications,
            services: [{ try await database.run() }, { try await notifications.run() }], sqlitePath: nil,
            postgresNotifications: notifications, close: { await database.close() },
            durability: { try await database.durability() })
    }
}
