import Database
import Logging
import Synchronization

/// Claims, performs and records steps, and looks after timers and the steps of workers that died.
///
/// `run` returns when ``drain()`` was called and what ran has ended or was handed back, or throws `CancellationError`
/// when its task is cancelled.
public final class Worker: Sendable {
    let engine: Engine
    let configuration: WorkerConfiguration
    let clock: any Clock<Duration>
    let failpoints: Failpoints
    let logger: Logger
    let running = RunningSteps()
    let done = DoneSteps()
    let slots: Mutex<Slots>
    let bells: [PoolID: Bell]
    let sweepBell = Bell()
    let stopwatch: Stopwatch
    let deadlineBell = Bell()
    private let draining = Mutex(false)
    private let drainBell = Bell()

    public init(
        _ configuration: WorkerConfiguration, engine: Engine, clock: any Clock<Duration>, failpoints: Failpoints = .none
    ) {
        self.configuration = configuration
        self.engine = engine
        self.clock = clock
        self.failpoints = failpoints
        logger = engine.logger
        stopwatch = Stopwatch(clock)
        slots = Mutex(Slots(limit: configuration.slots))
        bells = Dictionary(uniqueKeysWithValues: engine.pools.all.map { ($0.id, Bell()) })
    }

    /// Steps being performed at this moment.
    public var runningCount: Int { running.count }

    /// Leaves in order: no new claims; what runs is finished, or handed back after the drain timeout. Returns at once.
    public func drain() {
        draining.withLock { $0 = true }
        try? failpoints.pass("drain")  // A test's own error: nothing may keep a worker from leaving.
        drainBell.ring()
        for (_, bell) in bellsInOrder { bell.finish() }
    }

    /// Each run of one seed does the same in the same order, and a dictionary has none.
    private var bellsInOrder: [(key: PoolID, value: Bell)] { bells.sorted { $0.key < $1.key } }

    var isDraining: Bool { draining.withLock { $0 } }

    public func run() async throws {
        try await engine.announceWorker(
            name: configuration.name, version: configuration.version, slots: configuration.slots)
        await withTaskGroup(of: Void.self) { services in
            services.addTask { await self.beatHearts() }
            services.addTask { await self.rescueOthers() }
            services.addTask { await self.sweep() }
            services.addTask { await self.tidyUp() }
            if engine.hasFallbacks { services.addTask { await self.relievePools() } }
            services.addTask { await self.listen() }
            services.addTask { await self.handBackLate() }
            services.addTask { await self.watchDeadlines() }
            await withTaskGroup(of: Void.self) { claimers in
                for (pool, bell) in bellsInOrder { claimers.addTask { await self.claimSteps(of: pool, wokenBy: bell) } }
            }
            sweepBell.finish()
            drainBell.finish()
            deadlineBell.finish()
            services.cancelAll()
        }
        try? await engine.retireWorker()  // The database may be gone; the others then see a worker that fell silent.
        try Task.checkCancellation()
    }

    /// Waits for the drain, gives running steps their time, then tells the rest to stop.
    private func handBackLate() async {
        for await _ in drainBell.rings { break }
        guard isDraining else { return }
        try? await clock.sleep(for: configuration.drainTimeout)  // Cancelled when everything has ended before.
        running.stopAll(because: .shutdown)
    }

    /// Other processes' wake-ups ring this process's bells.
    private func listen() async {
        await withTaskGroup(of: Void.self) { group in
            for (pool, bell) in bellsInOrder {
                let notices = engine.notifications.subscribe(Channel.pool(pool))
                group.addTask { for await _ in notices { bell.ring() } }
            }
            let timers = engine.notifications.subscribe(Channel.timers)
            group.addTask { for await _ in timers { self.sweepBell.ring() } }
            let cancelled = engine.notifications.subscribe(Channel.cancelled)
            group.addTask { for await _ in cancelled { await self.renewLeases() } }
        }
    }

    /// Repeats `body` with jittered pauses until the worker ends; what it throws is logged and tried again.
    func every(_ pause: Duration, _ role: String, _ body: @Sendable () async throws -> Void) async {
        while !Task.isCancelled {
            do {
                try await clock.sleep(for: engine.random.jittered(pause))
                try await body()
            } catch is CancellationError {
                return
            } catch {
                logger.warning("\(role) failed, will try again", metadata: ["error": "\(error)"])
            }
        }
    }
}
