import Foundation

/// One thread and its queue, for a connection that blocks.
///
/// The thread starts with the first job. After ``shutdown()`` it ends as soon as its queue is empty; a straggler starts it
/// again for itself, so nothing that is enqueued late is left waiting.
///
/// Justified `@unchecked`: every mutable property is guarded by `condition`, which the compiler cannot see.
public final class ThreadExecutor: SerialExecutor, @unchecked Sendable {
    private let name: String
    private let condition = NSCondition()
    private var jobs: [UnownedJob] = []
    private var whenDrained: [@Sendable () -> Void] = []
    private var running = false
    private var stopped = false
    private var thread: Thread?

    public init(name: String) { self.name = name }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        condition.withLock {
            jobs.append(job)
            if running { condition.signal() } else { start() }
        }
    }

    /// Lets what ``drained(_:)`` runs assume its actor's isolation.
    public func checkIsolated() {
        precondition(condition.withLock { thread === Thread.current }, "not on the executor's thread \(name)")
    }

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    /// Runs `action` on the thread as soon as no job waits. Call it from a job.
    public func drained(_ action: @escaping @Sendable () -> Void) { condition.withLock { whenDrained.append(action) } }

    public func shutdown() {
        condition.withLock {
            stopped = true
            condition.signal()
        }
    }

    private func start() {
        running = true
        let thread = Thread { [self] in loop() }  // strong: the thread owns its executor until it ends
        thread.name = name
        thread.stackSize = 1 << 20
        self.thread = thread
        thread.start()
    }

    private func loop() {
        while let work = next() {
            for job in work.jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
            for action in work.actions { action() }
        }
    }

    private func next() -> (jobs: [UnownedJob], actions: [@Sendable () -> Void])? {
        condition.withLock {
            while jobs.isEmpty, whenDrained.isEmpty, !stopped { condition.wait() }
            if !jobs.isEmpty {
                defer { jobs.removeAll(keepingCapacity: true) }
                return (jobs, [])
            }
            if !whenDrained.isEmpty {
                defer { whenDrained = [] }
                return ([], whenDrained)
            }
            running = false
            thread = nil
            return nil
        }
    }
}
