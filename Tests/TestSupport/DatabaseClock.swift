import Foundation
import Synchronization

/// The clock of an SQLite database under test. It runs like the real one until it is moved or stopped.
public final class DatabaseClock: Sendable {
    private struct State {
        var offset = 0.0
        var frozenAt: Double?
    }
    private let state = Mutex(State())

    public init() {}

    /// Milliseconds since 1970.
    public var now: Double { state.withLock { $0.frozenAt ?? Self.real + $0.offset } }

    public func advance(by duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let milliseconds = Double(seconds) * 1000 + Double(attoseconds) / 1e15
        state.withLock { state in
            state.offset += milliseconds
            if let frozenAt = state.frozenAt { state.frozenAt = frozenAt + milliseconds }
        }
    }

    public func freeze(at milliseconds: Double) { state.withLock { $0.frozenAt = milliseconds } }

    private static var real: Double { (Date().timeIntervalSince1970 * 1000).rounded(.down) }
}
