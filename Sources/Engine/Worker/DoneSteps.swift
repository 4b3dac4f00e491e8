import Synchronization

/// The steps of each pool that are done and wait to be recorded together.
final class DoneSteps: Sendable {
    private struct Queue {
        var steps: [DoneStep] = []
        var isClosed = false
    }
    private let queues = Mutex<[PoolID: Queue]>([:])

    /// - Returns: false when nobody takes from this queue any more.
    func add(_ step: DoneStep) -> Bool {
        queues.withLock { queues in
            guard queues[step.step.pool]?.isClosed != true else { return false }
            queues[step.step.pool, default: Queue()].steps.append(step)
            return true
        }
    }

    func take(_ pool: PoolID, upTo limit: Int) -> [DoneStep] {
        queues.withLock { queues in
            guard let waiting = queues[pool]?.steps, !waiting.isEmpty else { return [] }
            queues[pool]?.steps = Array(waiting.dropFirst(limit))
            return Array(waiting.prefix(limit))
        }
    }

    func hasSteps(of pool: PoolID) -> Bool { queues.withLock { $0[pool]?.steps.isEmpty == false } }

    /// Takes no more.
    /// - Returns: what still waits.
    func close(_ pool: PoolID) -> [DoneStep] {
        queues.withLock { queues in
            defer { queues[pool] = Queue(isClosed: true) }
            return queues[pool]?.steps ?? []
        }
    }
}
