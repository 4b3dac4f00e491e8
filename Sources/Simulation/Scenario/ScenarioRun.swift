import Database
import Engine
import Sandbox

/// Plays one ``Scenario`` from the first submission to the last draft.
package final class ScenarioRun {
    let scenario: Scenario
    let simulation: Simulation
    let world: World
    /// Virtual time at which the first blog was asked for.
    private(set) var begin = Duration.zero
    private let server = ServerState()
    private var lives = 0

    package init(_ scenario: Scenario) throws {
        self.scenario = scenario
        simulation = Simulation(seed: scenario.seed)
        world = try World(scenario, in: simulation)
    }

    /// - Returns: what has happened until the last blog had ended, or until the scenario's patience was at its end.
    /// - Throws: ``SimulationError`` when a process ends that should not.
    package func run() throws -> Outcome {
        startServer()
        guard simulation.run(until: { server.isReady || server.failure != nil }), server.failure == nil else {
            throw SimulationError(.stuck, "The server did not start: \(server.failure ?? "nothing was left to run")")
        }
        begin = simulation.now
        for index in 0..<scenario.workers { startWorker("worker-\(index + 1)") }
        if let pause = scenario.killEvery { planKill(every: pause) }
        var isOver = false
        observe { isOver = true }
        _ = simulation.run { isOver || server.failure != nil || simulation.now - begin > scenario.patience }
        if let failure = server.failure { throw SimulationError(.stuck, failure) }
        return try Outcome(of: self, estimates: server.estimates)
    }

    private func startServer() {
        let (world, server) = (world, server)
        simulation.start("server") { process in
            do { try await SimulatedServer(world: world, process: process, state: server).run() } catch {
                server.fail("\(error)")
            }
        }
    }

    private func startWorker(_ name: String) {
        let (world, scenario, server) = (world, scenario, server)
        simulation.start(name) { process in
            do {
                let random = RandomSource(Chance(seed: process.seed))
                let engine = try await world.openEngine(for: process, random)
                world.workers.begin(engine.incarnation, process)
                var configuration = WorkerConfiguration(name: name, version: "simulated")
                configuration.slots = scenario.slots
                try await Worker(configuration, engine: engine, clock: process.clock).run()
            } catch { server.fail("\(name): \(error)") }
        }
    }

    private func planKill(every pause: Duration) {
        simulation.after(pause) { [self] in
            let victims = simulation.living(named: "worker")
            if !victims.isEmpty {
                let victim = victims[simulation.chance.index(below: victims.count)]
                simulation.note("kill \(victim.name)")
                simulation.kill(victim)
                lives += 1
                let name = "\(victim.name.prefix { $0 != "." }).\(lives)"
                simulation.after(Scenario.restartDelay) { [self] in startWorker(name) }
            }
            planKill(every: pause)
        }
    }

    /// Looks once a virtual second whether anything is left to be done.
    private func observe(_ whenOver: @escaping () -> Void) {
        simulation.after(.seconds(1)) { [self] in
            let isLeft =
                (try? world.database.transactionNow(.read) { transaction in
                    try transaction.value("select 1 from jobs where state < 3 limit 1", as: Int.self) != nil
                }) ?? true  // A look that fails is repeated.
            if server.hasSubmittedAll, !isLeft { whenOver() } else { observe(whenOver) }
        }
    }
}

/// Why a simulation gave no result.
package struct SimulationError: Error, CustomStringConvertible {
    package enum Code: String, Sendable { case stuck = "simulation.stuck" }
    package let code: Code
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(code.rawValue): \(message)" }
}
