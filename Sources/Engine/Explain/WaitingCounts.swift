import Database

extension Engine {
    /// More waiting jobs than this are not counted: the look must stay quick.
    private static let waitingMax = 200_000

    /// How many jobs that are not running wait for what, over all tenants.
    ///
    /// Those that queue are taken from their lanes' counters; those that wait for a signal or a timer from one small
    /// index. Never a look at the jobs themselves. The same code decides as for a single job, but of the lanes that may
    /// go on only the one whose turn it is waits for the provider; the others wait for it.
    public func waitingCounts() async throws -> [WaitingReason: Int] {
        try await database.read { transaction in
            var counts: [WaitingReason: Int] = [:]
            let facts = try self.facts(for: [], in: transaction)
            for pool in self.pools.all { try self.countReady(in: pool.id, facts, into: &counts, transaction) }
            try self.countWaiting(into: &counts, transaction)
            return counts.filter { $0.value > 0 }
        }
    }

    private func countReady(
        in pool: PoolID, _ facts: ExplainFacts, into counts: inout [WaitingReason: Int],
        _ transaction: borrowing Transaction
    ) throws {
        let groups = try laneGroups(of: pool, in: transaction)
        guard groups.contains(where: { $0.count > 0 }),
            let state = try stateToShow(of: pool, at: facts.now, in: transaction)
        else { return }
        let circuit = try state.circuit == .closed ? nil : circuit(of: pool, in: transaction)
        let outlook = Outlook(pool: state, circuit: circuit, lanes: [], now: facts.now, horizon: limits.horizon)
        let common = Explanation(ofAllIn: outlook, liveWorkers: facts.liveWorkers)?.reason
        for group in groups where group.count > 0 {
            if group.isHeld {
                counts[.paused, default: 0] += group.count
            } else if let common {
                counts[common, default: 0] += group.count
            } else if group.parked > 0 {
                counts[group.parked == 1 ? .siteLimit : .tenantCap, default: 0] += group.count
            } else {
                try countEligible(group, outlook, facts, into: &counts, transaction)
            }
        }
    }

    private func countEligible(
        _ group: LaneGroup, _ outlook: Outlook, _ facts: ExplainFacts, into counts: inout [WaitingReason: Int],
        _ transaction: borrowing Transaction
    ) throws {
        let pool = outlook.pool
        let taken: Int? = try transaction.value(
            """
            select cast(count(*) as bigint) from jobs j join lanes l on l.id = j.lane_id
             where j.state = 0 and j.crashes > 0 and l.pool_id = \(pool.id) and l.held = 0 and l.parked = 0
            """)
        let recovering = min(group.count, taken ?? 0)
        let rest = group.count - recovering
        counts[.recovering, default: 0] += recovering
        if let cap = pool.cap, pool.taken >= cap {
            counts[.slotsFull, default: 0] += rest
        } else if let binding = outlook.binding(group.cost / Double(group.count)) {
            let first = min(rest, try countWhoseTurnItIs(in: pool.id, transaction))
            counts[binding, default: 0] += first
            counts[.fairShare, default: 0] += rest - first
        } else {
            counts[facts.running >= facts.slots ? .slotsFull : .fairShare, default: 0] += rest
        }
    }

    /// Jobs of the lane that is furthest behind, before the next lane's turn comes; of several that are as far behind,
    /// one each.
    private func countWhoseTurnItIs(in pool: PoolID, _ transaction: borrowing Transaction) throws -> Int {
        let lanes: [Outlook.Lane] = try transaction.all(
            """
            select \(Outlook.Lane.columns) from lanes
             where pool_id = \(pool) and has_work = 1 and held = 0 and parked = 0 order by vt, id limit 2
            """)
        guard let first = lanes.first else { return 0 }
        guard lanes.count == 2, first.count > 0, first.cost > 0 else { return max(1, first.count) }
        if lanes[1].turn == first.turn {
            return try transaction.value(
                """
                select cast(count(*) as bigint) from lanes
                 where pool_id = \(pool) and has_work = 1 and held = 0 and parked = 0 and vt = \(first.turn)
                """) ?? 0
        }
        let each = first.cost / Double(first.count)
        return min(first.count, 1 + Int((lanes[1].turn - first.turn) * first.weight / each))
    }

    private func laneGroups(of pool: PoolID, in transaction: borrowing Transaction) throws -> [LaneGroup] {
        try transaction.all(
            """
            select held, parked, cast(sum(n) as bigint), sum(cost) from (
                select held, parked, backlog_count as n, backlog_cost as cost from lanes
                 where pool_id = \(pool) and (has_work = 1 or backlog_count <> 0)
                union all
                select l.held, l.parked, d.n, d.cost from lane_deltas d join lanes l on l.id = d.lane_id
                 where d.pool_id = \(pool) and d.n <> 0) as backlog
             group by held, parked order by held, parked
            """)
    }

    private func countWaiting(
        into counts: inout [WaitingReason: Int], _ transaction: borrowing Transaction
    ) throws {
        try transaction.forEach(
            """
            select wakes, wait_for, failure_code, cast(count(*) as bigint)
              from (select wakes, wait_for, failure_code from jobs where state = 2 limit \(Self.waitingMax)) as waiting
             group by wakes, wait_for, failure_code
            """
        ) { row in
            let code: String? = try row[2]
            let reason = try WaitingReason(
                waitingFor: row[1], failureCode: code, hasBeenPutOff: row[0] == 0 && code != nil, isProviderAway: false)
            counts[reason, default: 0] += try row[3]
        }
        let putOff: Int? = try transaction.value(
            """
            select cast(count(*) as bigint) from jobs j join lanes l on l.id = j.lane_id join pools p on p.id = l.pool_id
             where j.state = 2 and j.wakes = 0 and j.failure_code is not null and p.circuit <> 0
               and exists (select 1 from pools where circuit <> 0)
            """)
        let away = min(putOff ?? 0, counts[.backoff] ?? 0)
        counts[.backoff, default: 0] -= away
        counts[.providerPaused, default: 0] += away
    }
}

/// The lanes of a pool that are in the same situation, added up.
private struct LaneGroup: RowDecodable {
    let isHeld: Bool
    let parked: Int
    let count: Int
    let cost: Double

    init(_ row: borrowing Row) throws {
        isHeld = try row[0]
        parked = try row[1]
        count = try row[2]
        cost = try row[3]
    }
}
