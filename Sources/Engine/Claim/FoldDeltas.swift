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
        guard let last = found.last else {
            hints.lookedAtDeltas(of: pool, last: nil, left: nil, isComplete: true, at: now)
            return Folded()
        }
        let own = try lockLanes(Set(found.map(\.lane)), in: transaction)
        hints.lookedAtDeltas(
            of: pool, last: last.id, left: found.first { own[$0.lane] == nil }?.id, isComplete: found.count < limit,
            at: now)
        let changes = try deleteDeltas(found.filter { own[$0.lane] != nil }.map(\.id), in: transaction)
        try apply(changes, to: own, in: transaction)
        var folded = Folded()
        for change in changes.values.sorted(by: { $0.lane < $1.lane }) {  // Sums of fractions depend on the order.
            folded.settlement += change.settlement
            folded.freed += change.running
        }
        return folded
    }

    /// Locks those lanes that nobody else has; first where they were seen last, and by their ids what is not there.
    private func lockLanes(
        _ wanted: Set<LaneID>, in transaction: borrowing Transaction
    ) throws -> [LaneID: LanePlace] {
        var own: [LaneID: LanePlace] = [:]
        func lock(_ condition: SQL) throws {
            try transaction.forEach(
                """
                select id, \(LanePlace.column) from lanes where \(condition) order by id
                \(.lock(.noKeyUpdateSkipLocked))
                """
            ) { own[try $0[0]] = LanePlace(text: try $0[1]) }
        }
        let places = lanePlaces.places(of: wanted)
        // Something else may lie there now. The sum keeps the database from searching by the ids after all.
        if !places.isEmpty {
            try lock("\(LanePlace.isAny(of: places)) and id + 0 \(ids: wanted.sorted().map(\.rawValue))")
        }
        let rest = wanted.filter { own[$0] == nil }
        if !rest.isEmpty { try lock("id \(ids: rest.sorted().map(\.rawValue))") }
        return own
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
                 where \(LanePlace.isRow("v.column6")) \(LanePlaces.returned)
                """, eachRow: lanePlaces.note)
            rest = rest.dropFirst(100)
        }
    }
}
