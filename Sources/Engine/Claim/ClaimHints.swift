import Synchronization

/// Low-water marks of one process: where the scan of lanes and deltas may begin.
///
/// Only ever hints: forgotten after a second, and never used to decide that a lane is empty. They spare a claim the
/// dead index entries that a long transaction elsewhere keeps alive.
final class ClaimHints: Sendable {
    static let lifeMilliseconds = 1000.0
    /// How often one busy process folds the deltas of a pool without limits, in milliseconds.
    static let tidyInterval = 100.0

    struct Marks: Sendable {
        var turn = -1e300
        var turnUntil = 0.0
        var delta: Int64 = 0
        var deltaUntil = 0.0
        /// Nil while nothing has happened since the last time.
        var tidiedAt: Double?
    }
    private let marks = Mutex<[PoolID: Marks]>([:])

    func turn(in pool: PoolID, at now: Double) -> Double {
        marks.withLock { marks in
            guard let mark = marks[pool], now < mark.turnUntil else { return -1e300 }
            return mark.turn
        }
    }

    func delta(in pool: PoolID, at now: Double) -> Int64 {
        marks.withLock { marks in
            guard let mark = marks[pool], now < mark.deltaUntil else { return 0 }
            return mark.delta
        }
    }

    /// Moves the mark; its time of forgetting stays, so that a mark never lives longer than a second.
    func setTurn(_ turn: Double, in pool: PoolID, at now: Double) {
        marks.withLock { marks in
            marks[pool, default: Marks()].turn = turn
            if now >= marks[pool]!.turnUntil { marks[pool]!.turnUntil = now + Self.lifeMilliseconds }
        }
    }

    func setDelta(_ delta: Int64, in pool: PoolID, at now: Double) {
        marks.withLock { marks in
            marks[pool, default: Marks()].delta = delta
            if now >= marks[pool]!.deltaUntil { marks[pool]!.deltaUntil = now + Self.lifeMilliseconds }
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
