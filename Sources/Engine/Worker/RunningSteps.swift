import Synchronization

/// The steps that this process performs, so that their leases are renewed and each can be stopped alone.
final class RunningSteps: Sendable {
    /// Why a step stops before it is done.
    enum Stop: Error, Sendable, Equatable {
        /// Its job was taken away or cancelled.
        case leaseLost
        /// The process is leaving.
        case shutdown
        /// Its time is up.
        case timedOut
    }
    private struct Entry {
        let fence: Int64
        /// Both on the worker's stopwatch.
        let since: Duration
        let deadline: Duration
        let stop: AsyncStream<Stop>.Continuation
        /// It is performed no more, and only to be recorded.
        var isDone = false
        var isOverdue = false
    }
    private let entries = Mutex<[JobID: Entry]>([:])
    /// When the next look for steps whose time is up is due; nil while none is planned.
    private let nextLook = Mutex<Duration?>(nil)

    /// - Parameters:
    ///   - since: when its lease began, on the worker's stopwatch.
    ///   - deadline: when its time is up.
    /// - Returns: yields at most one element, when the step is to stop.
    func insert(_ job: JobID, fence: Int64, since: Duration, deadline: Duration) -> AsyncStream<Stop> {
        let (stops, continuation) = AsyncStream.makeStream(of: Stop.self, bufferingPolicy: .bufferingOldest(1))
        let stale = entries.withLock {
            $0.updateValue(Entry(fence: fence, since: since, deadline: deadline, stop: continuation), forKey: job)
        }
        stale?.stop.yield(.leaseLost)  // Rescued from ourselves: the older attempt still runs.
        return stops
    }

    /// Forgets a step; a later one of the same job, under another fence, stays.
    func remove(_ job: JobID, fence: Int64) {
        let entry = entries.withLock { entries in entries[job]?.fence == fence ? entries.removeValue(forKey: job) : nil
        }
        entry?.stop.finish()
    }

    /// - Parameter latest: only of steps whose lease began by then.
    func fences(since latest: Duration) -> [JobID: Int64] {
        entries.withLock { $0.filter { $0.value.since <= latest }.mapValues(\.fence) }
    }

    /// Those whose leases are to be renewed: not of steps that have not ended at their deadline, because their code neither
    /// waits nor looks whether it is cancelled. They are taken from this worker as if it had died.
    /// - Parameter latest: only of steps whose lease began by then.
    func leases(since latest: Duration) -> [JobID: Int64] {
        entries.withLock { $0.filter { $0.value.since <= latest && !$0.value.isOverdue }.mapValues(\.fence) }
    }
    var count: Int { entries.withLock { $0.count } }

    /// A step has ended, if late, and its lease is renewed until that is recorded.
    func end(_ job: JobID, fence: Int64) {
        entries.withLock { entries in
            guard entries[job]?.fence == fence else { return }
            entries[job]?.isDone = true
            entries[job]?.isOverdue = false
        }
    }

    func stop(_ job: JobID, fence: Int64, because reason: Stop) {
        let entry = entries.withLock { $0[job] }
        if let entry, entry.fence == fence { entry.stop.yield(reason) }
    }

    /// Stops the steps whose time is up.
    /// - Returns: how long until the next one's is; nil when nothing runs.
    func stopLate(at now: Duration) -> Duration? {
        var late: [JobID: Entry] = [:]
        let next = entries.withLock { entries in
            var next: Duration?
            for (job, entry) in entries where !entry.isDone {
                if entry.deadline <= now {
                    late[job] = entry
                    entries[job]?.isOverdue = true
                } else {
                    next = min(next ?? entry.deadline, entry.deadline)
                }
            }
            return next
        }
        for (_, entry) in late.sorted(by: { $0.key < $1.key }) { entry.stop.yield(.timedOut) }
        nextLook.withLock { $0 = next }
        return next.map { $0 - now }
    }

    /// Whether a step with this deadline needs an earlier look than is planned.
    func isSooner(_ deadline: Duration) -> Bool { nextLook.withLock { $0.map { deadline < $0 } ?? true } }

    func stopAll(because reason: Stop) {
        for entry in entries.withLock({ $0.sorted { $0.key < $1.key }.map(\.value) }) { entry.stop.yield(reason) }
    }
}
