import Database

/// A change to a lane's counters and its pool's, appended now and folded in by the next claimer.
struct LaneDelta: Sendable {
    var pool: PoolID
    var lane: LaneID
    /// Ready jobs and their cost.
    var count = 0
    var cost = 0.0
    var running = 0
    /// Actual cost less what was charged.
    var settlement = 0.0
}

extension Engine {
    func append(_ deltas: [LaneDelta], in transaction: borrowing Transaction) throws {
        var rest = deltas[...]
        while !rest.isEmpty {
            let rows = rest.prefix(100).map { delta -> [SQLValue] in
                [
                    delta.pool.sqlValue, delta.lane.sqlValue, delta.count.sqlValue, delta.cost.sqlValue,
                    delta.running.sqlValue, delta.settlement.sqlValue,
                ]
            }
            try transaction.execute(
                "insert into lane_deltas (pool_id, lane_id, n, cost, running, settle) values \(values: rows)")
            rest = rest.dropFirst(100)
        }
    }
}
