import Database

/// The statements of a claim, in the order in which it runs them.
extension Engine {
    /// Lanes whose own rate has recovered stand in line again, no further ahead than the pool's turn allows.
    func unpark(_ pool: PoolID, at now: Double, in transaction: borrowing Transaction) throws {
        try transaction.execute(
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

    /// How long until a lane that its own rate holds back may go on; nil when there is none, or when no lane has a rate.
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

    /// The first ready jobs of each lane, unlocked. Padded to 1, 4 or 20 lanes, so that few texts are prepared.
    func heads(
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
        try transaction.all(
            """
            select \(LaneHead.columns) from jobs
             where lane_id = \(last.lane) and state = 0
               and (-rank, priority, id) > (\(-last.rank), \(last.priority), \(last.id))
             order by rank desc, priority, id limit \(limit)
            """)
    }

    /// Marks the jobs running. What does not come back was cancelled meanwhile: its permit is lost, its lane not charged.
    ///
    /// `state + 0`: a bare `state = 0` lets PostgreSQL walk the partial index of all ready jobs instead of the primary key.
    func mark(
        _ taken: [TurnTaking.Taken], lanes: [LaneState], pool: PoolID, lease: Duration, at now: Double,
        in transaction: borrowing Transaction
    ) throws -> [ClaimedStep] {
        guard !taken.isEmpty else { return [] }
        let leaseUntil = Int64(now + (Self.horizon + lease).milliseconds)
        var starts: [JobID: TurnTaking.Taken] = [:]
        for entry in taken { starts[entry.job] = entry }
        var steps: [ClaimedStep] = []
        try transaction.forEach(
            """
            update jobs
               set state = 1, fence = fence + 1, attempt = attempt + 1, worker = \(incarnation),
                   lease_until = \(leaseUntil), since_at = \(Int64(now))
             where id in (select id from jobs where id \(ids: taken.map(\.job.rawValue)) and state + 0 = 0
                          \(.lock(.updateSkipLocked)))
            returning \(JobRow.columns), rank
            """
        ) { row in
            let job = try JobRow(row)
            guard let entry = starts[job.id] else { return }
            steps.append(
                ClaimedStep(
                    job: job, pool: pool, rank: try row["rank"], charged: entry.cost,
                    delay: .milliseconds(max(0, entry.start - now)), start: entry.start))
        }
        try announceStarts(of: steps, at: now, in: transaction)
        return steps.sorted { ($0.start, $0.job.id) < ($1.start, $1.job.id) }
    }

    private func announceStarts(of steps: [ClaimedStep], at now: Double, in transaction: borrowing Transaction) throws {
        guard !steps.isEmpty else { return }
        let rows = steps.map { step -> [SQLValue] in
            [
                step.job.id.sqlValue, Int64(now).sqlValue, JobEvent.Kind.started.rawValue.sqlValue,
                step.job.step.sqlValue, "\(incarnation)".sqlValue,
            ]
        }
        try transaction.execute("insert into job_events (job_id, at, kind, step, detail) values \(values: rows)")
        let announced = steps.filter { workflows.known($0.job.kind)?.announcesStart($0.job.step) ?? false }
        if !announced.isEmpty { try project(startsOf: announced, in: transaction) }
    }

    /// All at once if that goes well; otherwise one by one, so that rows which cannot be written stop no other tenant.
    private func project(startsOf steps: [ClaimedStep], in transaction: borrowing Transaction) throws {
        func project(_ steps: [ClaimedStep], _ transaction: borrowing Transaction) throws {
            for step in steps {
                let start = RawTransition.started(step.job.step, step.job.round)
                try workflows.known(step.job.kind)?.project(start, step.job, transaction)
            }
        }
        if try tolerate("project the start", in: transaction, { try project(steps, $0) }) { return }
        for step in steps {
            try tolerate("project the start", of: step.job.id, in: transaction) { try project([step], $0) }
        }
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
            ]
        }
        guard !rows.isEmpty else { return }
        try transaction.execute(
            """
            update lanes
               set vt = vt + v.column2, running = running + v.column3, backlog_count = backlog_count - v.column3,
                   backlog_cost = backlog_cost - v.column4, tat = v.column5, parked = v.column6, resume_at = v.column7
              from (values \(values: rows)) as v
             where lanes.id = v.column1
            """)
    }

    /// Clears the lanes that came up empty. `for update` waits out no one and shuts out whoever is about to add work; the
    /// statement after it sees what was added before.
    func clear(_ exhausted: Set<LaneID>, in transaction: borrowing Transaction) throws {
        guard !exhausted.isEmpty else { return }
        let own: [LaneID] = try transaction.values(
            """
            select id from lanes where id \(ids: exhausted.sorted().map(\.rawValue)) order by id
            \(.lock(.updateSkipLocked))
            """)
        guard !own.isEmpty else { return }
        try transaction.execute(
            """
            update lanes set has_work = 0
             where id \(ids: own.map(\.rawValue))
               and not exists (select 1 from jobs where lane_id = lanes.id and state = 0)
            """)
    }

    /// Writes a limited pool's row, which the claim holds.
    ///
    /// The pool's turn is that of the lane furthest behind. When no lane has work left, it is that of the lane served
    /// last: else a tenant that used the idle pool alone would later wait until every newcomer had used as much.
    func store(_ pool: PoolState, served: Double? = nil, at now: Double, in transaction: borrowing Transaction) throws {
        let turn = max(pool.turn, try leastTurn(of: pool, at: now, in: transaction) ?? served ?? pool.turn)
        try transaction.execute(
            """
            update pools
               set req_tat = \(pool.permits.requests?.arrival ?? 0), cost_tat = \(pool.permits.cost?.arrival ?? 0),
                   running = \(pool.running), vt = \(turn)
             where id = \(pool.id)
            """)
        hints.setTurn(turn - pool.credit - 1e-6 * abs(turn), in: pool.id, at: now)
    }

    /// A pool without limits is locked by nobody; its turn is written at most every 100 ms by whoever gets the row.
    func moveTurnOfUnlimited(
        _ pool: PoolState, served: Double?, at now: Double, in transaction: borrowing Transaction
    ) throws {
        hints.setTurn(pool.turn - pool.credit - 1e-6 * abs(pool.turn), in: pool.id, at: now)
        guard now - pool.turnAt > 100 else { return }
        let own: PoolID? = try transaction.value(
            """
            select id from pools where id = \(pool.id) and vt_at = \(Int64(pool.turnAt)) \(.lock(.noKeyUpdateSkipLocked))
            """)
        guard own != nil, let turn = try leastTurn(of: pool, at: now, in: transaction) ?? served else { return }
        try transaction.execute(
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
