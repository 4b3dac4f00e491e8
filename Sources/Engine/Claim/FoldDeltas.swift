import Database

extension Engine {
    /// What folding changed in the pool itself.
    struct Folded: Sendable {
        var settlement = 0.0
        var freed = 0
        var isEmpty: Bool { settlement == 0 && freed == 0 }
    }

    /// Applies what enqueues and records have appended to the lanes of a pool, as far as their lanes are free.
    ///
    /// Ordered by pool and id, or PostgreSQL walks the primary key through every other pool's deltas (74,601 rows, 40
    /// ms). What the `delete` returns is what is applied: of two claimers each delta is folded by one.
    func fold(_ pool: PoolID, at now: Double, limit: Int, in transaction: borrowing Transaction) throws -> Folded {
        var found: [(id: Int64, lane: LaneID)] = []
        try transaction.forEach(
            """
            select id, lane_id from lane_deltas
             where pool_id = \(pool) and id > \(hints.delta(in: pool, at: now)) order by pool_id, id limit \(limit)
            """
        ) { found.append((try $0[0], try $0[1])) }
        guard let last = found.last else { return Folded() }
        let wanted = Set(found.map(\.lane))
        var own: [LaneID: LanePlace] = [:]
        try transaction.forEach(
            """
            select id, \(LanePlace.column) from lanes where id \(ids: wanted.sorted().map(\.rawValue)) order by id
            \(.lock(.noKeyUpdateSkipLocked))
            """
        ) { own[try $0[0]] = LanePlace(text: try $0[1]) }
        // Ids are handed out before their transactions commit, so the mark stays a thousand behind.
        if own.count == wanted.count { hints.setDelta(last.id - 1000, in: pool, at: now) }
        let changes = try deleteDeltas(found.filter { own[$0.lane] != nil }.map(\.id), in: transaction)
        try apply(changes, to: own, in: transaction)
        var folded = Folded()
        for change in changes.values.sorted(by: { $0.lane < $1.lane }) {  // Sums of fractions depend on the order.
            folded.settlement += change.settlement
            folded.freed += change.running
        }
        return folded
    }

    private func deleteDeltas(_ found: [Int64], in transaction: borrowing Transaction) throws -> [LaneID: LaneDelta] {
        var changes: [LaneID: LaneDelta] = [:]
        guard !found.isEmpty else { return changes }
        try transaction.forEach(
            "delete from lane_deltas where id \(ids: found) returning pool_id, lane_id, n, cost, running, settle"
        ) { row in
            let lane: LaneID = try row[1]
            var change = try changes[lane] ?? LaneDelta(pool: row[0], lane: lane)
            change.count += try row[2]
            change.cost += try row[3]
            change.running += try row[4]
            change.settlement += try row[5]
            changes[lane] = change
        }
        return changes
    }

    private func apply(
        _ changes: [LaneID: LaneDelta], to places: [LaneID: LanePlace], in transaction: borrowing Transaction
    ) throws {
        var rest = changes.values.sorted { $0.lane < $1.lane }[...]
        while !rest.isEmpty {
            let rows = rest.prefix(100).map { change -> [SQLValue] in
                .row(
                    change.lane, change.count, change.cost, change.running, change.settlement,
                    (places[change.lane] ?? LanePlace()).text)
            }
            try transaction.executeLater(
                """
                update lanes
                   set backlog_count = backlog_count + v.column2, backlog_cost = backlog_cost + v.column3,
                       running = running + v.column4,
                       vt = case when vt + v.column5 / weight < \(Self.turnFloor) then \(Self.turnFloor)
                                 else vt + v.column5 / weight end,
                       parked = case when parked = 2 and (cap is null or running + v.column4 < cap) then 0 else parked end
                  from \(table: rows)
                 where \(LanePlace.isRow("v.column6"))
                """)
            rest = rest.dropFirst(100)
        }
    }
}
