import Synchronization

/// Low-water marks of one process: where the scan of lanes and deltas may begin.
///
/// Only ever hints: forgotten after a while, and never used to decide that a lane is empty. They spare a claim the
/// dead index entries that a long transaction elsewhere keeps alive.
///
/// A lane that becomes active takes its virtual time from the pool's as it reads it, and is seen once that has committed;
/// by then the pool's may have moved on. So the scan begins where the pool's turn was a moment ago: whoever commits within
/// ``turnLag`` is seen at once, and a straggler when the mark is forgotten.
final class ClaimHints: Sendable {
    static let lifeMilliseconds = 1000.0
    /// A scan without a mark may pass the dead turns of ten thousand lanes, so that it is worth being rare.
    static let turnLife = 4000.0
    static let turnLag = 250.0
    /// How often one busy process folds the deltas of a pool without limits, in milliseconds.
    static let tidyInterval = 100.0

    struct Marks: Sendable {
        var turn = -1e300
        var turnUntil = 0.0
        /// Turns that are too young to begin at, the oldest first.
        var young: [(turn: Double, at: Double)] = []
        var delta: Int64 = 0
        var deltaUntil = 0.0
        /// Nil while nothing has happened since the last time.
        var tidiedAt: Double?
    }
    private let marks = Mutex<[PoolID: Marks]>([:])

    func turn(in pool: PoolID, at now: Double) -> Double {
        marks.withLock { marks in marks[pool]?.floor(at: now) ?? -1e300 }
    }

    func delta(in pool: PoolID, at now: Double) -> Int64 {
        marks.withLock { marks in
            guard let mark = marks[pool], now < mark.deltaUntil else { return 0 }
            return mark.delta
        }
    }

    /// Moves the mark; its time of forgetting stays, so that a mark never lives longer than that.
    func setTurn(_ turn: Double, in pool: PoolID, at now: Double) {
        marks.withLock { $0[pool, default: Marks()].note(turn, at: now) }
    }

    /// Its time of forgetting stays as well.
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

extension ClaimHints.Marks {
    /// Turns are remembered at this distance, in milliseconds; what lies between adds nothing.
    private static let grain = 25.0

    mutating func note(_ turn: Double, at now: Double) {
        if now >= turnUntil || turnUntil - now > ClaimHints.turnLife {
            self.turn = -1e300
            turnUntil = now + ClaimHints.turnLife
        }
        // A clock that was set back makes all of them too young, until they are forgotten.
        if young.last.map({ now - $0.at >= Self.grain || now < $0.at }) ?? true { young.append((turn, now)) }
        if let old = young.lastIndex(where: { now - $0.at >= ClaimHints.turnLag }) {
            self.turn = young[old].turn
            young.removeFirst(old)  // It stays, to begin at when the mark is forgotten.
        }
    }

    func floor(at now: Double) -> Double { now < turnUntil && turnUntil - now <= ClaimHints.turnLife ? turn : -1e300 }
}
