import Arena
public import Database
import DatabasePostgres
import DatabaseSQLite
import Engine
import Logging

/// Where a benchmark keeps its jobs: a schema of its own on PostgreSQL, a file of its own for SQLite.
public struct BenchDatabase: Sendable {
    public enum Address: Sendable {
        case postgres(url: String)
        case sqlite(path: String)
    }
    /// On PostgreSQL, so that nobody's tables are touched.
    public static let schema = "pressroom_bench"

    public let database: any Database
    let notifications: any Notifications
    private let services: [@Sendable () async throws -> Void]
    private let postgresNotifications: PostgresNotifications?
    let sqlitePath: String?

    /// Lends the database and runs what has to run for it.
    /// - Parameter connections: how many connections may be open at once.
    public static func with<R: Sendable>(
        _ address: Address, connections: Int, milliseconds: @escaping @Sendable () -> Double,
        _ body: @Sendable (BenchDatabase) async throws -> R
    ) async throws -> R {
        switch address {
        case .sqlite(let path):
            let database = try await SQLiteDatabase(SQLiteConfiguration(path: path, now: milliseconds))
            let notifications = LocalNotifications()
            let bench = BenchDatabase(
                database: database, notifications: notifications, services: [{ try await notifications.run() }],
                postgresNotifications: nil, sqlitePath: path)
            return try await bench.lend(closing: database.close, body)
        case .postgres(let url):
            var configuration = PostgresConfiguration(url: url, pool: PoolLimits(connectionsMax: connections))
            configuration.settings = PostgresConfiguration.queueSettings
            configuration.settings["search_path"] = schema
            configuration.statementLimit = .seconds(60)
            let database = try PostgresDatabase(configuration)
            let notifications = try PostgresNotifications(configuration)
            let bench = BenchDatabase(
                database: database, notifications: notifications, services: [{ try await notifications.run() }],
                postgresNotifications: notifications, sqlitePath: nil)
            return try await bench.lend(closing: database.close, body)
        }
    }

    private func lend<R: Sendable>(
        closing close: @escaping @Sendable () async -> Void, _ body: @Sendable (BenchDatabase) async throws -> R
    ) async throws -> R {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for service in services { group.addTask { try await service() } }
            let result: R
            do { result = try await body(self) } catch {
                group.cancelAll()
                await close()
                throw error
            }
            group.cancelAll()
            await close()
            return result
        }
    }

    /// SQLite: one worker, and processes do not wake each other.
    public var isEmbedded: Bool { database.dialect == .sqlite }

    /// Empties the benchmark's tables, making them if they are missing.
    ///
    /// - Throws: ``BenchError/inUse(_:)`` when the file holds more than a benchmark.
    public func setUp() async throws {
        switch database.dialect {
        case .postgres:
            try await database.transaction { transaction in
                try transaction.script("drop schema if exists pressroom_bench cascade")
                try transaction.script("create schema pressroom_bench")
            }
        case .sqlite:
            let foreign: [String] = try await database.read {
                try $0.values("select name from sqlite_master where type = 'table' and name like 'blog%'")
            }
            guard foreign.isEmpty else { throw BenchError.inUse(sqlitePath ?? "") }
            let applied = try await migrator.status().filter { $0.state != .pending }.count
            if applied > 0 { try await migrator.down(steps: applied) }
        }
        try await migrator.up()
    }

    /// - Throws: when the tables are missing.
    public func requireSetUp() async throws { try await migrator.check() }

    private var migrator: Migrator { Migrator(database, [EngineMigrations.source, ArenaMigrations.source]) }

    /// Jobs that have not ended.
    public func pending() async throws -> Int {
        try await database.read { try $0.value("select count(*) from jobs where state < 3") ?? 0 }
    }

    func engine(
        random: RandomSource, logger: Logger, started: @escaping @Sendable (BenchJob) -> Void = { _ in }
    ) async throws -> Engine {
        var pool = PoolDefinition(BenchJob.pool)
        pool.credit = 2
        var configuration = EngineConfiguration(
            database: database, notifications: notifications, workflows: [BenchWorkflow(started: started)],
            pools: [pool], random: random, logger: logger)
        configuration.limits.queueSizeMax = .max
        return try await Engine.open(configuration)
    }

    /// Lets others see that this process lives.
    func announcePresence(of engine: Engine) {
        postgresNotifications?.hold(
            SessionLock(
                classID: Engine.presenceLockClass, objectID: Int32(truncatingIfNeeded: engine.incarnation.rawValue)))
    }

    /// The right to run a worker, where only one process may.
    func workerLock() throws -> SQLiteWorkerLock? { try sqlitePath.map { try SQLiteWorkerLock(database: $0) } }
}

/// Why a benchmark cannot be run.
public enum BenchError: Error, Sendable {
    /// The file at this path holds articles: it is not emptied.
    case inUse(String)
    /// No job ended within this time.
    case stalled(Duration)
}
