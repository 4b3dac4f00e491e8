import Foundation
import Sandbox
import Synchronization

/// A world on one thread: simulated processes, one virtual clock, one seeded choice of what runs next.
///
/// Every process is a task executor; whatever it runs is a job in its queue. The loop takes one ready job at random,
/// runs it until it next suspends, and takes another. When none is ready, time jumps to the next timer. So the same seed
/// gives the same history, and an hour passes as fast as its instructions can be executed.
///
/// What comes back from elsewhere (a bare `Task`, Dispatch, a real sleep, an actor with a thread of its own) is caught:
/// by the check of the thread, or because nothing is left to run although the run has not ended.
package final class Simulation: @unchecked Sendable {
    // Unchecked: everything is confined to the thread that made it, and every entry checks that.
    package private(set) var now = Duration.zero
    /// Jobs run so far.
    package private(set) var steps = 0
    package private(set) var history = HistoryHash()
    package var chance: Chance
    private let thread = pthread_self()
    private var processes: [SimulatedProcess] = []
    /// Jobs of processes that may run.
    private var readyCount = 0
    private var timers = TimerTable<Sleeper>()

    /// The run is over, and whoever still sleeps is woken to leave.
    package private(set) var isOver = false
    /// Sleepers whose process is dead.
    private var graves: [UnsafeContinuation<Void, any Error>] = []

    private enum Sleeper {
        case task(SimulatedProcess, UnsafeContinuation<Void, any Error>)
        case event(() -> Void)
    }

    /// Milliseconds since 1970 at virtual time zero: early in 2026, where the engine's ids begin.
    package static let epochMilliseconds = 1_768_000_000_000.0

    package init(seed: UInt64) { chance = Chance(seed: seed) }

    /// Milliseconds since 1970; what databases and wall clocks say.
    package var wallMilliseconds: Double { Self.epochMilliseconds + now / .milliseconds(1) }

    func confined(_ what: StaticString = #function) {
        precondition(
            pthread_equal(thread, pthread_self()) != 0, "\(what) on a foreign thread: something escaped the simulation")
    }

    package func note(_ text: String) { history.note(text) }
}

// MARK: Processes

extension Simulation {
    /// Starts a process. `body` runs on its executor, and so does everything that it starts.
    @discardableResult
    package func start(
        _ name: String, _ body: @escaping @Sendable (SimulatedProcess) async -> Void
    ) -> SimulatedProcess {
        confined()
        let process = SimulatedProcess(id: processes.count, name: name, seed: chance.next(), simulation: self)
        processes.append(process)
        process.main = Task(name: name, executorPreference: process) {
            await body(process)
            process.hasEnded = true
        }
        return process
    }

    /// kill -9: no further instruction of it runs, not even a `defer`; see ``bury()``.
    package func kill(_ process: SimulatedProcess) {
        confined()
        if process.state == .running { readyCount -= process.ready.count }
        process.state = .dead
    }

    /// SIGSTOP. Its timers fire into the held queue, as they do on a real machine.
    package func stop(_ process: SimulatedProcess) {
        confined()
        guard process.state == .running else { return }
        process.state = .stopped
        readyCount -= process.ready.count
    }

    /// SIGCONT.
    package func resume(_ process: SimulatedProcess) {
        confined()
        guard process.state == .stopped else { return }
        process.state = .running
        readyCount += process.ready.count
    }

    func enqueue(_ job: UnownedJob, of process: SimulatedProcess) {
        confined()
        process.ready.append(job)
        if process.state == .running { readyCount += 1 }
    }
}

// MARK: Time

extension Simulation {
    package func after(_ delay: Duration, _ event: @escaping () -> Void) {
        confined()
        timers.insert(.event(event), at: now + max(.zero, delay))
    }

    func sleep(until deadline: Duration, _ process: SimulatedProcess) async throws {
        // No contention; only the closures' Sendability needs it.
        let timer = Mutex<TimerTable<Sleeper>.Key?>(nil)
        try await withTaskCancellationHandler {
            // Unsafe, because the continuation of a killed process is dropped, and a checked one would complain.
            try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Void, any Error>) in
                confined()
                if Task.isCancelled || isOver {
                    continuation.resume(throwing: CancellationError())
                } else {
                    let key = timers.insert(.task(process, continuation), at: max(deadline, now))
                    timer.withLock { $0 = key }
                }
            }
        } onCancel: {
            confined()
            if let key = timer.withLock({ $0 }), case .task(_, let continuation)? = timers.remove(key) {
                continuation.resume(throwing: CancellationError())
            }
        }
    }
}

// MARK: The loop

extension Simulation {
    /// Runs until `isDone`, or until nothing can ever happen again.
    /// - Returns: whether it is done.
    package func run(stepsMax: Int = .max, until isDone: () -> Bool) -> Bool {
        confined()
        while steps < stepsMax {
            if isDone() { return true }
            if readyCount > 0 {
                runOne()
            } else if let (at, sleeper) = timers.popFirst() {
                now = at
                switch sleeper {
                case .event(let event): event()
                case .task(let process, let continuation):
                    if process.state == .dead { graves.append(continuation) } else { continuation.resume() }
                }
            } else {
                return isDone()
            }
        }
        return false
    }

    /// Any of all ready jobs, with the same probability.
    private func runOne() {
        var choice = chance.index(below: readyCount)
        for process in processes where process.state == .running {
            guard choice >= process.ready.count else {
                process.ready.swapAt(choice, process.ready.count - 1)
                let job = process.ready.removeLast()
                readyCount -= 1
                steps += 1
                history.note(UInt64(process.id))
                history.note(UInt64(bitPattern: Int64(now.inNanoseconds)))
                return job.runSynchronously(on: process.asUnownedTaskExecutor())
            }
            choice -= process.ready.count
        }
        preconditionFailure("fewer jobs are ready than were counted")
    }
}

extension Simulation {
    /// Processes whose name begins so and that have not ended, in the order of their start.
    package func living(named prefix: String) -> [SimulatedProcess] {
        processes.filter { $0.isAlive && $0.name.hasPrefix(prefix) }
    }
}

// MARK: The end

extension Simulation {
    /// Gives back what the processes hold, once the run has been judged: all of them, the dead as well, find that they are
    /// cancelled and leave. Of ten thousand runs each would otherwise leave its suspended tasks behind.
    package func bury() {
        confined()
        isOver = true
        for process in processes {
            if process.state != .running { readyCount += process.ready.count }
            process.state = .running
            process.main?.cancel()
        }
        for continuation in graves { continuation.resume(throwing: CancellationError()) }
        graves = []
        while let (_, sleeper) = timers.popFirst() {
            if case .task(_, let continuation) = sleeper { continuation.resume(throwing: CancellationError()) }
        }
        _ = run(stepsMax: steps + 1_000_000) { false }
        processes = []
    }
}
