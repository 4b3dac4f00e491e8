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
        try transaction.insert(
            deltas.map { .row($0.pool, $0.lane, $0.count, $0.cost, $0.running, $0.settlement) },
            into: "lane_deltas (pool_id, lane_id, n, cost, running, settle)")
    }
}
