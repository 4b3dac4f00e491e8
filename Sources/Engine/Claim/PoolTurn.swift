import Database

/// The virtual time of a pool, as claims write it.
extension Engine {
    /// Writes a limited pool's row, which the claim holds.
    ///
    /// The pool's turn is that of the lane furthest behind. When no lane has work left, it is that of the lane served
    /// last: else a tenant that used the idle pool alone would later wait until every newcomer had used as much.
    func store(_ pool: PoolState, served: Double? = nil, at now: Double, in transaction: borrowing Transaction) throws {
        let turn = max(pool.turn, try leastTurn(of: pool, at: now, in: transaction) ?? served ?? pool.turn)
        try transaction.executeLater(
            """
            update pools
               set req_tat = \(pool.permits.requests?.arrival ?? 0), cost_tat = \(pool.permits.cost?.arrival ?? 0),
                   running = \(pool.running), vt = \(turn), \(pool.learned.assignments)
             where id = \(pool.id)
            """)
        noteTurn(turn, of: pool, at: now)
    }

    /// Lanes become active no further behind than the pool's credit, and then what rounding may take.
    func noteTurn(_ turn: Double, of pool: PoolState, at now: Double) {
        hints.lookedAtLanes(of: pool.id, turn: turn - pool.credit - 1e-6 * abs(turn), at: now)
    }

    /// A pool without limits is locked by nobody; its turn is written at most every 100 ms by whoever gets the row.
    func moveTurnOfUnlimited(
        _ pool: PoolState, served: Double?, at now: Double, in transaction: borrowing Transaction
    ) throws {
        guard now - pool.turnAt > 100 else { return }
        let own: PoolID? = try transaction.value(
            """
            select id from pools where id = \(pool.id) and vt_at = \(Int64(pool.turnAt)) \(.lock(.noKeyUpdateSkipLocked))
            """)
        guard own != nil, let turn = try leastTurn(of: pool, at: now, in: transaction) ?? served else { return }
        try transaction.executeLater(
            """
            update pools set vt = case when vt < \(turn) then \(turn) else vt end, vt_at = \(Int64(now))
             where id = \(pool.id)
            """)
    }

    /// The least virtual time of the eligible lanes, those that others hold included: a claimer that judged by its own
    /// lanes alone would run the pool's turn away from the rest.
    private func leastTurn(of pool: PoolState, at now: Double, in transaction: borrowing Transaction) throws -> Double?
    {
        try transaction.value(
            """
            select vt from lanes
             where pool_id = \(pool.id) and has_work = 1 and held = 0 and parked = 0
               and vt >= \(hints.turn(in: pool.id, at: now))
             order by vt limit 1
            """)
    }
}
