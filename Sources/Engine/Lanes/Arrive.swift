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
    /// Tells lanes that work has arrived; the only way for a job to enter a lane, and the last thing its transaction
    /// does.
    ///
    /// A lane that has work already gets a delta row, so that a busy lane is never a hot row. An idle one is flipped.
    /// The key-share lock conflicts only with the claimer that would clear `has_work`, which never waits for anything.
    /// (`for share` deadlocks two flippers: 5 times in 25 s under stress.) Exclusive lane locks come last, in ascending
    /// order.
    ///
    /// `has_work` is read by the statement after the lock, never by the locking one: having waited for a claimer, that
    /// returns the row as it was before, if some other key-share lock was on the row when the claimer locked it. Such a
    /// job would lie in a lane that nobody looks at.
    func arrive(_ arrivals: [LaneID: Arrival], in transaction: borrowing Transaction, waking wakes: Wakes) throws {
        guard !arrivals.isEmpty else { return }
        let lanes = arrivals.keys.sorted()
        try transaction.executeLater(
            "select 1 from lanes where id \(ids: lanes.map(\.rawValue)) order by id \(.lock(.keyShare))")
        let busy = try appendArrivals(arrivals, to: lanes, in: transaction, waking: wakes)
        for lane in lanes where !busy.contains(lane) {
            try flip(lane, arrivals[lane] ?? Arrival(), in: transaction, waking: wakes)
        }
    }

    private func flip(
        _ lane: LaneID, _ arrival: Arrival, in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws {
        let change: SQL = """
            update lanes
               set has_work = 1, backlog_count = backlog_count + \(arrival.count),
                   backlog_cost = backlog_cost + \(arrival.cost), vt = \(Self.clampedTurn)
             where id = \(lane)
            """
        if let pool = lanes.pool(of: lane) {
            try transaction.executeLater(change)
            wakes.pool(pool)
        } else {
            try transaction.forEach("\(change) returning pool_id") { wakes.pool(try $0[0]) }
        }
    }

    /// - Returns: the lanes that had work, and got a delta.
    private func appendArrivals(
        _ arrivals: [LaneID: Arrival], to lanes: [LaneID], in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws -> Set<LaneID> {
        var busy: Set<LaneID> = []
        var rest = lanes[...]
        while !rest.isEmpty {
            let rows = rest.prefix(100).map { lane -> [SQLValue] in
                let arrival = arrivals[lane] ?? Arrival()
                return [lane.sqlValue, arrival.count.sqlValue, arrival.cost.sqlValue]
            }
            try transaction.forEach(
                """
                insert into lane_deltas (pool_id, lane_id, n, cost, running, settle)
                select l.pool_id, l.id, v.column2, v.column3, 0, 0
                  from \(table: rows) join lanes l on l.id = v.column1
                 where l.has_work = 1
                returning lane_id, pool_id
                """
            ) { row in
                busy.insert(try row[0])
                wakes.pool(try row[1])
            }
            rest = rest.dropFirst(100)
        }
        return busy
    }

    /// Whoever becomes active is no further ahead than the pool's virtual time less a bounded credit, and no further
    /// behind than it was.
    static let turnFloor: SQL = "(select p.vt - p.credit from pools p where p.id = lanes.pool_id)"
    static let clampedTurn: SQL = "case when vt < \(turnFloor) then \(turnFloor) else vt end"
}
