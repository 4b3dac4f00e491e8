import Database
import Synchronization

/// What is to follow the end of a transaction: the channels to ring once it has committed, the places in the queue that
/// it had reserved, and the lanes it has met, which then exist for good.
public final class Wakes: Sendable {
    private struct State {
        var channels: Set<String> = []
        var reserved = 0
        var gauge: AdmissionGauge?
        var memories: [@Sendable () -> Void] = []
        /// What has arrived in lanes and is to be told them at the transaction's end; nil when it is told at once.
        var arrivals: [LaneID: Arrival]?
    }
    private let state = Mutex(State())
    public init() {}
    deinit { settle(committed: false) }

    /// Work has arrived in a pool.
    func pool(_ id: PoolID) { insert(Channel.pool(id)) }
    /// A timer was set that may be the earliest.
    func timers() { insert(Channel.timers) }
    /// A running job was taken from its worker.
    func cancelled() { insert(Channel.cancelled) }
    /// Something worth showing has happened.
    func events() { insert(Channel.events) }

    /// Places in the queue that this transaction has reserved, and whose jobs the tables have been told of.
    var reservedAndTold: Int {
        state.withLock { state in
            state.reserved - (state.arrivals ?? [:]).values.reduce(0) { $0 + $1.count }
        }
    }
    func reserve(_ count: Int, in gauge: AdmissionGauge) {
        state.withLock { state in
            state.reserved += count
            state.gauge = gauge
        }
    }

    /// To be done once the transaction has committed, and not otherwise.
    func afterCommit(_ remember: @escaping @Sendable () -> Void) {
        state.withLock { $0.memories.append(remember) }
    }

    /// Forgets everything: the body is about to be run again.
    func reset() {
        settle(committed: false)
        state.withLock { state in
            state.channels.removeAll()
            state.arrivals = nil
        }
    }

    /// From now on arrivals are gathered, for ``takeArrivals()``.
    func gatherArrivals() { state.withLock { $0.arrivals = [:] } }

    /// - Returns: false when arrivals are not gathered.
    func gather(_ arrivals: [LaneID: Arrival]) -> Bool {
        state.withLock { state in
            guard state.arrivals != nil else { return false }
            state.arrivals?.merge(arrivals) { Arrival(count: $0.count + $1.count, cost: $0.cost + $1.cost) }
            return true
        }
    }

    func takeArrivals() -> [LaneID: Arrival] {
        state.withLock { state in
            defer { state.arrivals = nil }
            return state.arrivals ?? [:]
        }
    }

    /// Gives the reserved places back, to the queue if the transaction has committed.
    func settle(committed: Bool) {
        let (gauge, count, memories) = state.withLock { state in
            defer {
                state.reserved = 0
                state.memories = []
            }
            return (state.gauge, state.reserved, state.memories)
        }
        if committed { for remember in memories { remember() } }
        if count > 0 { gauge?.settle(count, committed: committed) }
    }

    /// Sends the wake-ups along with the commit, if that can be.
    func travel(with transaction: borrowing Transaction) {
        let channels = state.withLock { $0.channels.sorted() }
        guard !channels.isEmpty, transaction.wakeAfterCommit(channels) else { return }
        state.withLock { $0.channels.removeAll() }
    }

    func drained() -> [String] {
        state.withLock { state in
            defer { state.channels.removeAll() }
            return state.channels.sorted()
        }
    }
    private func insert(_ channel: String) { _ = state.withLock { $0.channels.insert(channel) } }
}

/// Names of the wake-up channels; a payload is never needed, since whoever wakes looks at the tables.
public enum Channel {
    static func pool(_ id: PoolID) -> String { "pressroom_pool_\(id.rawValue)" }
    static let timers = "pressroom_timers"
    static let cancelled = "pressroom_cancelled"
    /// Rung after every transaction that appended to `job_events`.
    public static let events = "pressroom_events"
}
