import Synchronization

/// The channels to ring once a transaction has committed.
public final class Wakes: Sendable {
    private let channels = Mutex<Set<String>>([])
    public init() {}

    /// Work has arrived in a pool.
    func pool(_ id: PoolID) { insert(Channel.pool(id)) }
    /// A timer was set that may be the earliest.
    func timers() { insert(Channel.timers) }
    /// A running job was taken from its worker.
    func cancelled() { insert(Channel.cancelled) }
    /// Something worth showing has happened.
    func events() { insert(Channel.events) }

    func reset() { channels.withLock { $0.removeAll() } }
    func drained() -> [String] {
        channels.withLock { channels in
            defer { channels.removeAll() }
            return channels.sorted()
        }
    }
    private func insert(_ channel: String) { _ = channels.withLock { $0.insert(channel) } }
}

/// Names of the wake-up channels; a payload is never needed, since whoever wakes looks at the tables.
public enum Channel {
    static func pool(_ id: PoolID) -> String { "pressroom_pool_\(id.rawValue)" }
    static let timers = "pressroom_timers"
    static let cancelled = "pressroom_cancelled"
    /// Rung after every transaction that appended to `job_events`.
    public static let events = "pressroom_events"
}
