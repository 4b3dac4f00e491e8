/// One life of one operating-system process: the executor that its tasks prefer, and its view of time.
package final class SimulatedProcess: TaskExecutor, @unchecked Sendable {
    // Unchecked: confined to the simulation's thread, like everything here; `enqueue` checks it.
    package enum State: Sendable { case running, stopped, dead }

    package let id: Int
    package let name: String
    /// What its own chance is drawn from.
    package let seed: UInt64
    package internal(set) var state = State.running
    /// It has left by itself.
    package internal(set) var hasEnded = false
    /// Cut off from the database: what it sends there gets no answer.
    package var isCutOff = false
    package internal(set) var main: Task<Void, Never>?
    var ready: [UnownedJob] = []
    let simulation: Simulation

    init(id: Int, name: String, seed: UInt64, simulation: Simulation) {
        self.id = id
        self.name = name
        self.seed = seed
        self.simulation = simulation
    }

    package var isAlive: Bool { state != .dead && !hasEnded }
    package var clock: VirtualClock { VirtualClock(process: self) }

    package func enqueue(_ job: consuming ExecutorJob) { simulation.enqueue(UnownedJob(job), of: self) }
}
