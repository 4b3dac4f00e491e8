import Synchronization

/// The steps that this process performs, so that their leases are renewed and each can be stopped alone.
final class RunningSteps: Sendable {
    /// Why a step stops before it is done.
    enum Stop: Error, Sendable, Equatable {
        /// Its job was taken away or cancelled.
        case leaseLost
        /// The process is leaving.
        case shutdown
    }
    private struct Entry {
        let fence: Int64
        let stop: AsyncStream<Stop>.Continuation
        var isOverdue = false
    }
    private let entries = Mutex<[JobID: Entry]>([:])

    /// - Returns: yields at most one element, when the step is to stop.
    func insert(_ job: JobID, fence: Int64) -> AsyncStream<Stop> {
        let (stops, continuation) = AsyncStream.makeStream(of: Stop.self, bufferingPolicy: .bufferingOldest(1))
        let stale = entries.withLock { $0.updateValue(Entry(fence: fence, stop: continuation), forKey: job) }
        stale?.stop.yield(.leaseLost)  // Rescued from ourselves: the older attempt still runs.
        return stops
    }

    /// Forgets a step; a later one of the same job, under another fence, stays.
    func remove(_ job: JobID, fence: Int64) {
        let entry = entries.withLock { entries in entries[job]?.fence == fence ? entries.removeValue(forKey: job) : nil
        }
        entry?.stop.finish()
    }

    /// Those whose leases are to be renewed.
    var fences: [JobID: Int64] { entries.withLock { $0.filter { !$0.value.isOverdue }.mapValues(\.fence) } }
    var count: Int { entries.withLock { $0.count } }

    /// Renews its lease no more: a step that does not end at its deadline, because its code neither waits nor looks
    /// whether it is cancelled, is taken from this worker as if that had died.
    func giveUp(_ job: JobID, fence: Int64) {
        entries.withLock { entries in if entries[job]?.fence == fence { entries[job]?.isOverdue = true } }
    }

    func stop(_ job: JobID, fence: Int64, because reason: Stop) {
        let entry = entries.withLock { $0[job] }
        if let entry, entry.fence == fence { entry.stop.yield(reason) }
    }

    func stopAll(because reason: Stop) {
        for entry in entries.withLock({ Array($0.values) }) { entry.stop.yield(reason) }
    }
}
