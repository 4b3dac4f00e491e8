package import Database
package import DatabasePostgres
package import Engine
import Logging
import Testing

/// An engine on a database of its own, for one test.
package struct EngineFixture: Sendable {
    package let engine: Engine
    package let database: any Database
    /// Stands still until it is moved; nil when the test asked for the database's real clock.
    package let clock: EngineClock?
    private let configuration: EngineConfiguration

    /// A second process on the same database, with the same or other pools and workflows.
    package func another(_ change: (inout EngineConfiguration) -> Void = { _ in }) async throws -> Engine {
        var other = configuration
        other.random = RandomSource(EngineChance(seed: 2))
        change(&other)
        return try await Engine.open(other)
    }

    init(
        database: any Database, clock: EngineClock?, seed: UInt64, notifications: any Notifications,
        _ change: (inout EngineConfiguration) -> Void
    ) async throws {
        var configuration = EngineConfiguration(
            database: database, notifications: notifications, workflows: [Errand()], pools: [PoolDefinition("free")],
            random: RandomSource(EngineChance(seed: seed)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        // Where time stands still, a start that lies a whole second ahead is granted, and can be looked at.
        if clock != nil { configuration.limits.horizon = .seconds(1) }
        change(&configuration)
        self.configuration = configuration
        self.database = database
        self.clock = clock
        engine = try await Engine.open(configuration)
    }
}

extension DatabaseFixture {
    /// Lends an engine whose clock stands still, with the workflow ``Errand`` and the unlimited pool `free`.
    package func withEngine(
        seed: UInt64 = 1, _ change: (inout EngineConfiguration) -> Void = { _ in },
        body: (EngineFixture, EngineClock) async throws -> Void
    ) async throws {
        try await lend(isClockMovable: true) { database, local in
            let clock = EngineClock(database, local: local)
            try await clock.freeze()
            let fixture = try await EngineFixture(
                database: database, clock: clock, seed: seed, notifications: LocalNotifications(), change)
            try await body(fixture, clock)
        }
    }

    /// The same with the database's real clock, for workers and for stress.
    package func withRunningEngine(
        seed: UInt64 = 1, _ change: (inout EngineConfiguration) -> Void = { _ in },
        body: (EngineFixture) async throws -> Void
    ) async throws {
        try await lend(isClockMovable: false) { database, _ in
            let fixture = try await EngineFixture(
                database: database, clock: nil, seed: seed, notifications: LocalNotifications(), change)
            try await body(fixture)
        }
    }

    /// Two processes on one PostgreSQL, each with a session of its own that listens and holds its worker's lock.
    ///
    /// - Parameter body: gets the two engines and their sessions; the first session is closed by cancelling the task
    ///   that runs it.
    package static func withTwoProcesses(
        body: ([(engine: Engine, session: PostgresNotifications)]) async throws -> Void
    ) async throws {
        try await DatabaseSchema.with { given in
            let database = try PostgresDatabase(given)
            try await closing(database.close) {
                try await Migrator(database, [EngineMigrations.source]).up()
                // Locks are the whole database's, so that tests which run at once must not meet.
                let incarnation = Int64.random(in: 1...2_000_000_000)
                try await database.transaction { try $0.execute("update incarnations set last = \(incarnation)") }
                var processes: [(engine: Engine, session: PostgresNotifications)] = []
                for seed: UInt64 in 1...2 {
                    let session = try PostgresNotifications(given)
                    let fixture = try await EngineFixture(
                        database: database, clock: nil, seed: seed, notifications: session, { _ in })
                    session.hold(
                        SessionLock(
                            classID: Engine.presenceLockClass, objectID: Int32(fixture.engine.incarnation.rawValue)))
                    processes.append((fixture.engine, session))
                }
                try await body(processes)
            }
        }
    }

    /// PostgreSQL as production connects to it: with the queue's planner settings.
    private func lend(
        isClockMovable: Bool, _ body: (any Database, DatabaseClock?) async throws -> Void
    ) async throws {
        guard kind == .postgres else { return try await withDatabase(EngineMigrations.source, body: body) }
        try await DatabaseSchema.with { given in
            var configuration = given
            configuration.settings.merge(PostgresConfiguration.queueSettings) { own, _ in own }
            configuration.settings["search_path", default: "public"] += ", pg_catalog"
            configuration.conflictRetriesMax = 0  // a deadlock is a fault of ours
            configuration.connectLimit = .seconds(20)  // a machine under load
            configuration.reconnectBudget = .seconds(20)
            let first = try PostgresDatabase(configuration)
            try await closing(first.close) {
                try await Migrator(first, [EngineMigrations.source]).up()
                if isClockMovable { try await EngineClock.install(in: first) }
            }
            let database = try PostgresDatabase(configuration)
            try await closing(database.close) { try await body(database, nil) }
        }
    }
}
