import Database
import DatabaseSQLite
import Engine
import Sandbox

/// Plays one ``CrashScenario``.
final class CrashRun<C: Connection> {
    private let scenario: CrashScenario
    private let simulation: Simulation
    private let database: InlineHosted<C>
    private let calls = CrashCalls()
    private let wakeUps = WakeUpLine()
    private let sessions = WorkerSessions()
    private let server = ServerState()
    /// Processes that something has befallen.
    private var disturbed: Set<Int> = []
    private var lives = 0
    private var (kills, stops, cuts) = (0, 0, 0)

    init(_ scenario: CrashScenario, _ simulation: Simulation, _ connection: sending C) {
        self.scenario = scenario
        self.simulation = simulation
        database = InlineHosted(connection)
    }

    func run() throws -> CrashScenario.Outcome {
        startSubmitter()
        guard simulation.run(until: { server.hasSubmittedAll || server.failure != nil }), server.failure == nil else {
            throw SimulationError(.stuck, "nothing was submitted: \(server.failure ?? "nothing was left to run")")
        }
        let begin = simulation.now
        for index in 0..<scenario.workers { startWorker("worker-\(index + 1)") }
        for _ in 0..<scenario.faults { planFault() }
        var hasEnded = false
        observe { hasEnded = true }
        _ = simulation.run { hasEnded || server.failure != nil || simulation.now - begin > CrashScenario.patience }
        var violations = try CrashOracle(database: database, calls: calls.all, disturbed: disturbed)
            .violations(jobs: scenario.jobs)
        if scenario.showsLog { try printEvents() }
        if let failure = server.failure { violations.append(failure) }
        let outcome = CrashScenario.Outcome(
            violations: violations, historyHash: simulation.history.text, kills: kills, stops: stops, cuts: cuts)
        simulation.bury()
        return outcome
    }

    private func startSubmitter() {
        let (server, database, count) = (server, database, scenario.jobs)
        let openEngine = openEngine
        simulation.start("server") { process in
            do {
                try await Migrator(database, [EngineMigrations.source]).up()
                try database.transactionNow { transaction in try transaction.script(CrashErrand.schema) }
                let engine = try await openEngine(process, RandomSource(Chance(seed: process.seed)))
                _ = try await engine.transaction { transaction, wakes in
                    for index in 0..<count {
                        let tenant = try engine.ensureTenant(named: "tenant-\(index % 2)", in: transaction)
                        try engine.enqueue(index, as: CrashErrand.self, for: tenant.id, in: transaction, waking: wakes)
                    }
                }
                server.submittedAll()
            } catch { server.fail("\(error)") }
        }
    }

    private func startWorker(_ name: String) {
        let (sessions, openEngine) = (sessions, openEngine)
        simulation.start(name) { process in
            let random = RandomSource(Chance(seed: process.seed))
            // Until the database answers.
            while !Task.isCancelled {
                do {
                    let engine = try await openEngine(process, random)
                    sessions.begin(engine.incarnation, process)
                    var configuration = WorkerConfiguration(name: name, version: "simulated")
                    configuration.slots = 4
                    configuration.lease = .seconds(6)
                    return try await Worker(configuration, engine: engine, clock: process.clock).run()
                } catch {
                    try? await process.clock.sleep(for: .seconds(1))  // Ended early only by the end of the run.
                }
            }
        }
    }

    private var openEngine: @Sendable (SimulatedProcess, RandomSource) async throws -> Engine {
        { [database, calls, wakeUps, sessions, scenario] process, random in
            let isWorker = process.name != "server"
            let own = SimulatedDatabase(
                shared: database, process: process, random: random,
                line: DatabaseLine(faultShare: isWorker ? scenario.lostShare : 0))
            var configuration = EngineConfiguration(
                database: own,
                notifications: SimulatedNotifications(
                    line: wakeUps, process: process, random: random, lostShare: 0.1),
                workflows: [CrashErrand(calls: calls, process: process, random: random)],
                pools: CrashErrand.pools, random: random, logger: process.logger(isShown: scenario.showsLog))
            configuration.livingWorkers = { sessions.living }
            // A worker's death is none of a job's own doing here, however often it happens.
            configuration.limits.crashesMax = 100
            return try await Engine.open(configuration)
        }
    }

    private func printEvents() throws {
        try database.transactionNow(.read) { transaction in
            try transaction.forEach("select job_id, at, kind, step, detail from job_events order by id") { row in
                let (job, at): (Int64, Double) = (try row[0], try Double(row[1] as Int64))
                let words = try [row[2], row[3], row[4]].compactMap { (word: String?) in word }
                print("\((at - Simulation.epochMilliseconds) / 1000) job \(job)", words.joined(separator: " "))
            }
        }
    }

    // MARK: Faults

    private func planFault() {
        simulation.after(CrashScenario.troubled * simulation.chance.unit()) { [self] in
            let living = simulation.living(named: "worker")
            guard !living.isEmpty else { return }
            let victim = living[simulation.chance.index(below: living.count)]
            disturbed.insert(victim.id)
            let length = CrashScenario.faultMost * simulation.chance.unit()
            switch simulation.chance.index(below: 3) {
            case 0: kill(victim, restartingAfter: length / 5)
            case 1: stop(victim, for: length)
            default: cutOff(victim, for: length)
            }
        }
    }

    private func kill(_ victim: SimulatedProcess, restartingAfter pause: Duration) {
        kills += 1
        lives += 1
        let name = "\(victim.name.prefix { $0 != "." }).\(lives)"
        simulation.note("kill \(victim.name)")
        simulation.kill(victim)
        simulation.after(pause) { [self] in startWorker(name) }
    }

    private func stop(_ victim: SimulatedProcess, for length: Duration) {
        stops += 1
        simulation.note("stop \(victim.name)")
        simulation.stop(victim)
        simulation.after(length) { [self] in simulation.resume(victim) }
    }

    private func cutOff(_ victim: SimulatedProcess, for length: Duration) {
        cuts += 1
        simulation.note("cut off \(victim.name)")
        victim.isCutOff = true
        simulation.after(length) { victim.isCutOff = false }
    }

    private func observe(_ whenOver: @escaping () -> Void) {
        simulation.after(.milliseconds(500)) { [self] in
            // A look that fails is repeated.
            let isLeft =
                (try? database.transactionNow(.read) { transaction in
                    try transaction.value("select 1 from jobs where state < 3 limit 1", as: Int.self) != nil
                }) ?? true
            if isLeft { observe(whenOver) } else { whenOver() }
        }
    }
}
