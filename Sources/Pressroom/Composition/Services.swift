import Arena
import Blog
import DatabasePostgres
import DatabaseSQLite
import Engine
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals
import Web

/// What a process runs, in the order in which it starts; it leaves in the opposite order.
struct Services: Sendable {
    let installation: Installation
    private(set) var services: [any Service] = []

    /// The database's own housekeeping comes first, so that it leaves last.
    init(_ installation: Installation) {
        self.installation = installation
        for run in installation.storage.services { services.append(BackgroundService(run: run)) }
    }

    mutating func add(_ service: any Service) { services.append(service) }

    /// Adds the worker of this process, after taking the right to run one where only one may.
    mutating func addWorker(name: String, failpoints: Failpoints) throws {
        let lock = try installation.storage.sqlitePath.map { try SQLiteWorkerLock(database: $0) }
        installation.storage.postgresNotifications?.hold(
            SessionLock(
                classID: Engine.presenceLockClass,
                objectID: Int32(truncatingIfNeeded: installation.engine.incarnation.rawValue)))
        let work = installation.settings.work
        var configuration = WorkerConfiguration(name: name, version: Pressroom.version)
        configuration.slots = work.slots
        configuration.claimBatch = work.batchSize
        configuration.lease = work.lease
        configuration.drainTimeout = max(.zero, installation.settings.serving.drainTimeout - .seconds(5))
        let worker = Worker(
            configuration, engine: installation.engine, clock: Surroundings.clock, failpoints: failpoints)
        services.append(WorkerService(worker: worker, lock: lock))
        services.append(
            BackgroundService { [installation] in
                try await installation.upkeep.run(
                    every: installation.settings.publishing.upkeepPause, clock: Surroundings.clock)
            })
        services.append(
            BackgroundService { [installation] in
                try await installation.digestSchedule.run(
                    every: installation.settings.publishing.upkeepPause, clock: Surroundings.clock)
            })
        services.append(BackgroundService { [installation] in try await WorkerLog(installation, worker).run() })
    }

    /// Runs until a signal asks to leave; a second one ends the process at once.
    func run() async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map {
                    .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
                }, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
        async let _: Void = releaseStartUpPages()
        try await group.run()
    }

    private func releaseStartUpPages() async {
        do { try await Surroundings.clock.sleep(for: StartUpPages.settled) } catch { return }  // It leaves already.
        StartUpPages.release()
    }

    private var quiet: Logger {
        var logger = installation.logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }
}

/// Work that ends when the process leaves and has nothing to finish.
struct BackgroundService: Service {
    let run: @Sendable () async throws -> Void
    init(run: @escaping @Sendable () async throws -> Void) { self.run = run }
    func run() async throws {
        do { try await cancelWhenGracefulShutdown { try await run() } } catch is CancellationError {}
    }
}

/// A worker that leaves in order: it finishes or hands back what it runs.
struct WorkerService: Service {
    let worker: Worker
    /// Held as long as the worker runs.
    let lock: SQLiteWorkerLock?
    func run() async throws {
        try await withGracefulShutdownHandler {
            try await worker.run()
        } onGracefulShutdown: {
            worker.drain()
        }
        withExtendedLifetime(lock) {}
    }
}
