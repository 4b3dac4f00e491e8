import Database

/// What a claim of a limited pool does with what was learned, and what it leaves to be compared with.
extension Engine {
    /// Takes in what calls have told, and looks how many places are taken. The pool's row is held.
    func bringUpToDate(_ pool: inout PoolState, at now: Double, in transaction: borrowing Transaction) throws {
        estimates.note(now)
        pool.learn { learned, _ in learned.refresh(at: now) }
        _ = try takeInReports(on: &pool, at: now, in: transaction)
        if pool.placeLife != nil { pool.placesTaken = try placesTaken(in: pool.id, at: now, in: transaction) }
    }

    /// Books what was granted: each step knows what the pool had granted up to it, and keeps its place.
    func book(
        _ steps: inout [ClaimedStep], on pool: inout PoolState, at now: Double, in transaction: borrowing Transaction
    ) throws {
        guard !steps.isEmpty else { return }
        pool.learn { learned, _ in
            for index in steps.indices {
                learned.granted.requests += 1
                learned.granted.cost += steps[index].charged
                steps[index].granted = learned.granted
            }
            learned.pace.granted(steps.count, at: now)
        }
        try takePlaces(steps, in: pool, transaction)
        pool.placesTaken += steps.count
    }

    /// How long a claimer leaves a stopped pool alone; whoever resumes it rings.
    static func pause(of stop: PoolStop, at now: Double) -> Duration {
        min(.seconds(60), stop.until.map { .milliseconds(max(0, $0 - now)) } ?? .seconds(60))
    }
}
