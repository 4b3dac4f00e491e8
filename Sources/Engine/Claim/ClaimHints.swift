import Synchronization

/// Low-water marks of one process: where the scan of lanes and deltas may begin.
///
/// Only ever hints, and never used to decide that a lane is empty. They spare a claim the dead index entries that a long
/// transaction elsewhere keeps alive.
///
/// A lane that becomes active takes its virtual time from the pool's as it reads it, a delta its id from the sequence, and
/// both are seen once that has committed: ``LowWaterMark`` says when.
final class ClaimHints: Sendable {
    /// How often one busy process folds the deltas of a pool without limits, in milliseconds.
    static let tidyInterval = 100.0
    /// How often a process that finds nothing, though there is something, looks at everything; in milliseconds.
    static let searchInterval = 1_000.0

    struct Marks: Sendable {
        var turn = LowWaterMark<Double>()
        var delta = LowWaterMark<Int64>()
        var searchedAt = -Double.infinity
        /// Nil while nothing has happened since the last time.
        var tidiedAt: Double?
    }
    private let marks = Mutex<[PoolID: Marks]>([:])

    func turn(in pool: PoolID, at now: Double) -> Double {
        marks.withLock { $0[pool]?.turn.floor(at: now) } ?? -1e300
    }

    func delta(in pool: PoolID, at now: Double) -> Int64 { marks.withLock { $0[pool]?.delta.floor(at: now) } ?? 0 }

    /// The lanes from ``turn(in:at:)`` on were looked at.
    /// - Parameter turn: no lane becomes active behind it any more.
    func lookedAtLanes(of pool: PoolID, turn: Double, at now: Double) {
        marks.withLock { $0[pool, default: Marks()].turn.looked(upTo: turn, at: now) }
    }

    /// The deltas from ``delta(in:at:)`` on were looked at.
    ///
    /// - Parameters:
    ///   - last: the newest of them, nil without any.
    ///   - left: the oldest of those that could not be folded.
    ///   - isComplete: there were no more.
    func lookedAtDeltas(of pool: PoolID, last: Int64?, left: Int64?, isComplete: Bool, at now: Double) {
        marks.withLock { marks in
            var mark = marks[pool, default: Marks()].delta
            // A look from far back that ended before it reached what every look reaches is not done.
            if isComplete || last ?? 0 >= mark.nearFloor(at: now) ?? .max { mark.looked(upTo: last, at: now) }
            if let left { mark.lower(to: left - 1) }
            marks[pool, default: Marks()].delta = mark
        }
    }

    /// There is work, and a look has found none.
    func search(_ pool: PoolID, at now: Double) {
        marks.withLock { marks in
            let last = marks[pool, default: Marks()].searchedAt
            guard now - last >= Self.searchInterval || now < last else { return }
            marks[pool, default: Marks()].searchedAt = now
            marks[pool]?.turn.forget()
        }
    }

    /// Whether this process has not folded this pool's deltas and looked at its parked lanes for a while, in which it
    /// had work; if so it is taken to do so now.
    func isTidyingDue(in pool: PoolID, at now: Double) -> Bool {
        marks.withLock { marks in
            guard let last = marks[pool]?.tidiedAt else {
                marks[pool, default: Marks()].tidiedAt = now
                return false
            }
            guard now - last >= Self.tidyInterval || now < last else { return false }
            marks[pool]?.tidiedAt = now
            return true
        }
    }

    /// All is tidy and there is nothing to do: whoever comes next need not wait for tidying.
    func rest(in pool: PoolID) { marks.withLock { $0[pool, default: Marks()].tidiedAt = nil } }
}
