import Database

/// How many jobs a transaction has made ready in a lane, and their cost.
struct Arrival: Sendable {
    var count = 0
    var cost = 0.0
    mutating func add(_ cost: Double) {
        count += 1
        self.cost += cost
    }
}

extension Engine {
    /// Tells lanes that work has arrived; the only way for a job to enter a lane, and the last thing its transaction does.
    ///
    /// A lane that has work already gets a delta row, so that a busy lane is never a hot row. An idle one is flipped. The
    /// read takes the key-share lock: it conflicts only with the claimer that would clear `has_work`, which never waits
    /// for anything. (`for share` deadlocks two flippers: 5 times in 25 s under stress.) Exclusive lane locks come last
    /// and in ascending order.
    func arrive(_ arrivals: [LaneID: Arrival], in transaction: borrowing Transaction, waking wakes: Wakes) throws {
        guard !arrivals.isEmpty else { return }
        var idle: [LaneID] = []
        var deltas: [LaneDelta] = []
        try transaction.forEach(
            """
            select id, pool_id, has_work from lanes
             where id \(ids: arrivals.keys.sorted().map(\.rawValue)) order by id \(.lock(.keyShare))
            """
        ) { row in
            let lane: LaneID = try row[0]
            let pool: PoolID = try row[1]
            let arrival = arrivals[lane] ?? Arrival()
            wakes.pool(pool)
            if try row[2] as Bool {
                deltas.append(LaneDelta(pool: pool, lane: lane, count: arrival.count, cost: arrival.cost))
            } else {
                idle.append(lane)
            }
        }
        try append(deltas, in: transaction)
        for lane in idle {
            let arrival = arrivals[lane] ?? Arrival()
            try transaction.execute(
                """
                update lanes
                   set has_work = 1, backlog_count = backlog_count + \(arrival.count),
                       backlog_cost = backlog_cost + \(arrival.cost), vt = \(Self.clampedTurn)
                 where id = \(lane)
                """)
        }
    }

    /// Whoever becomes active is no further ahead than the pool's virtual time less a bounded credit, and no further
    /// behind than it was.
    static let turnFloor: SQL = "(select p.vt - p.credit from pools p where p.id = lanes.pool_id)"
    static let clampedTurn: SQL = "case when vt < \(turnFloor) then \(turnFloor) else vt end"
}
