import Synchronization

/// Counts what happened, from wherever it happens.
final class Tally: Sendable {
    private let happened = Mutex(0)
    func add(_ more: Int = 1) { happened.withLock { $0 += more } }
    var count: Int { happened.withLock { $0 } }
}
