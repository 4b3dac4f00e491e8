import Synchronization

/// How often the connections of one pool may send wake-ups along with their commits.
///
/// One by one they reach a worker soonest; when there are many, the channels' own connection sends many at once.
final class WakePace: Sendable {
    static let interval = Duration.milliseconds(2)
    private let next = Mutex(ContinuousClock.now)

    /// Whether one may be sent now; then it counts as sent.
    func mayPass() -> Bool {
        next.withLock { next in
            let now = ContinuousClock.now
            guard now >= next else { return false }
            next = now + Self.interval
            return true
        }
    }
}
