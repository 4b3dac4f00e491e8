import Database

/// The statements of a claim, in the order in which it runs them.
extension Engine {
    /// Lanes whose own rate has recovered stand in line again, no further ahead than the pool's turn allows.
    func unpark(_ pool: PoolID, at now: Double, in transaction: borrowing Transaction) throws {
        try transaction.executeLater(
            """
            update lanes set parked = 0, vt = \(Self.clampedTurn)
             where id in (select id from lanes where pool_id = \(pool) and parked = 1 and resume_at <= \(Int64(now))
                          \(.lock(.noKeyUpdateSkipLocked)))
            """)
    }

    func eligibleLanes(
        of pool: PoolID, limit: Int, at now: Double, in transaction: borrowing Transaction
    ) throws -> [LaneState] {
        try transaction.all(
            """
            select \(LaneState.columns) from lanes
             where pool_id = \(pool) and has_work = 1 and held = 0 and parked = 0
               and vt >= \(hints.turn(in: pool, at: now))
             order by vt, id limit \(min(Self.lanesMax, limit)) \(.lock(.noKeyUpdateSkipLocked))
            """)
    }

    /// How long until a lane that its own rate holds back may go on; nil when there is none, or when no lane has a
    /// rate.
    func nextUnparking(_ pool: PoolID, at now: Double, in transaction: borrowing Transaction) throws -> Duration? {
        guard pools.definition(pool)?.lane.requestsPerMinute != nil else { return nil }
        let due: Int64? = try transaction.value(
            "select resume_at from lanes where pool_id = \(pool) and parked = 1 order by resume_at limit 1")
        return due.map { .milliseconds(max(0, Double($0) - now)) }
    }

    func hasEligibleLane(_ pool: PoolID, in transaction: borrowing Transaction) throws -> Bool {
        let found: LaneID? = try transaction.value(
            "select id from lanes where pool_id = \(pool) and has_work = 1 and held = 0 and parked = 0 limit 1")
        return found != nil
    }

    /// The first ready jobs of each lane, unlocked.
    func heads(
        of lanes: [LaneState], each limit: Int, at now: Double, in transaction: borrowing Transaction
    ) throws -> [LaneID: [LaneHead]] {
        var heads: [LaneID: [LaneHead]] = [:]
        for lane in lanes {
            heads[lane.id] = try headsBehindMarks(of: lane.id, limit: limit, at: now, in: transaction)
        }
        let others = lanes.filter { heads[$0.id] == nil }
        guard !others.isEmpty else { return heads }
        return try heads.merging(self.heads(of: others, each: limit, in: transaction)) { marked, _ in marked }
    }

    /// Padded to 1, 4 or 20 lanes, so that few texts are prepared.
    private func heads(
        of lanes: [LaneState], each limit: Int, in transaction: borrowing Transaction
    ) throws -> [LaneID: [LaneHead]] {
        let width = [1, 4, Self.lanesMax].first { $0 >= lanes.count } ?? lanes.count
        let parts = (0..<width).map { index -> SQL in
            let lane = index < lanes.count ? lanes[index].id : LaneID(rawValue: -1)
            return """
                select * from (select \(LaneHead.columns) from jobs where lane_id = \(lane) and state = 0
                                order by rank desc, priority, id limit \(limit)) as heads
                """
        }
        let heads: [LaneHead] = try transaction.all(parts.joined(separator: " union all "))
        return Dictionary(grouping: heads, by: \.lane).mapValues { $0.sorted(by: LaneHead.precedes) }
    }

    func nextHeads(behind last: LaneHead, limit: Int, in transaction: borrowing Transaction) throws -> [LaneHead] {
        try heads(of: last.lane, where: Self.stretches(behind: last), limit: limit, in: transaction)
    }

    /// Charges the lanes what was taken from them and parks those that may not go on.
    func charge(
        _ lanes: [LaneState], turns: TurnTaking, taken: [ClaimedStep], in transaction: borrowing Transaction
    ) throws {
        var charges: [LaneID: Arrival] = [:]
        for step in taken { if let lane = step.job.lane { charges[lane, default: Arrival()].add(step.charged) } }
        let rows = lanes.compactMap { lane -> [SQLValue]? in
            let charge = charges[lane.id] ?? Arrival()
            let park = turns.parked[lane.id]
            guard charge.count > 0 || park != nil else { return nil }
            var parked = 0
            var resumeAt: Int64 = 0
            switch park {
            case .rate(let until): (parked, resumeAt) = (1, Int64(until.rounded(.up)))
            case .cap: parked = 2
            case nil: break
            }
            return [
                lane.id.sqlValue, (charge.cost / lane.weight).sqlValue, charge.count.sqlValue, charge.cost.sqlValue,
                (turns.rates[lane.id]?.arrival ?? 0).sqlValue, parked.sqlValue, resumeAt.sqlValue,
                lane.place.text.sqlValue,
            ]
        }
        guard !rows.isEmpty else { return }
        try transaction.executeLater(
            """
            update lanes
               set vt = vt + v.column2, running = running + v.column3, backlog_count = backlog_count - v.column3,
                   backlog_cost = backlog_cost - v.column4, tat = v.column5, parked = v.column6, resume_at = v.column7
              from \(table: rows)
             where \(LanePlace.isRow("v.column8")) \(LanePlaces.returned)
            """, eachRow: lanePlaces.note)
    }

    /// Clears the lanes that came up empty. `for update` waits out no one and shuts out whoever is about to add work;
    /// the statement after it sees what was added before.
    func clear(_ exhausted: Set<LaneID>, in transaction: borrowing Transaction) throws {
        guard !exhausted.isEmpty else { return }
        let own: [LaneID] = try transaction.values(
            """
            select id from lanes where id \(ids: exhausted.sorted().map(\.rawValue)) order by id
            \(.lock(.updateSkipLocked))
            """)
        guard !own.isEmpty else { return }
        try transaction.executeLater(
            """
            update lanes set has_work = 0
             where id \(ids: own.map(\.rawValue))
               and not exists (select 1 from jobs where lane_id = lanes.id and state = 0)
            """)
    }
}
