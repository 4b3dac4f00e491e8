import Synchronization

/// The one time at which a loop wants to be woken next.
///
/// Each ring may set it anew, and only what was set last rings: if every ring left an alarm of its own behind, and each
/// of those rang in turn, a busy pool's loop would be woken more often the longer it ran.
final class Alarm: Sendable {
    private let latest = Mutex<UInt64>(0)

    /// Sets it anew.
    /// - Returns: what is to be passed to ``isCurrent(_:)`` when the time has come.
    func set() -> UInt64 {
        latest.withLock { latest in
            latest += 1
            return latest
        }
    }

    func isCurrent(_ setting: UInt64) -> Bool { latest.withLock { $0 == setting } }
}
