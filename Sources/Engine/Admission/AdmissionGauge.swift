import Synchronization

/// The queue's size as this process last read it, and what it has let in since: so that a submission need not add up
/// ten thousand lanes, and so that submissions at the same moment do not all fit into the same last place.
final class AdmissionGauge: Sendable {
    /// A reading older than this many milliseconds is taken anew.
    static let lifeMilliseconds = 250.0

    private struct State {
        /// As read, and what has been committed since.
        var size = 0
        var until = -1.0
        /// Let in by transactions that are still open.
        var pending = 0
        /// Let in and committed since the process began.
        var committed = 0
    }
    private let state = Mutex(State())

    /// Counts jobs in on the strength of a fresh reading.
    /// - Returns: false when the reading is stale or leaves no room: then the tables decide.
    func admit(_ count: Int, limit: Int, at now: Double) -> Bool {
        state.withLock { state in
            guard now < state.until, state.size + state.pending + count <= limit else { return false }
            state.pending += count
            return true
        }
    }

    /// The transaction that was let in has ended.
    func settle(_ count: Int, committed: Bool) {
        state.withLock { state in
            state.pending -= count
            guard committed else { return }
            state.size += count
            state.committed += count
        }
    }

    /// To be asked before the tables are: what is committed from then on is added to what they say.
    var mark: Int { state.withLock { $0.committed } }

    func read(_ size: Int, since mark: Int, at now: Double) {
        state.withLock { state in
            state.size = size + state.committed - mark
            state.until = now + Self.lifeMilliseconds
        }
    }
}
