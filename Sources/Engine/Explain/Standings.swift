import Database

extension Engine {
    /// Where jobs stand, why they wait and for how long, from the rows that decide about them. Unknown ids are left
    /// out.
    ///
    /// Reads a few rows a job and each lane's head once; what stands before a job deeper than five thousand is taken
    /// from its lane's counters.
    public func standings(of ids: [JobID]) async throws -> [JobID: JobStanding] {
        guard !ids.isEmpty else { return [:] }
        return try await database.read { transaction in
            let jobs: [StandingRow] = try transaction.all(
                "select \(StandingRow.columns) from jobs where id \(ids: ids.map(\.rawValue))")
            let facts = try self.facts(for: jobs, in: transaction)
            var standings: [JobID: JobStanding] = [:]
            for job in jobs { standings[job.row.id] = self.standing(of: job, facts) }
            return standings
        }
    }

    /// What all the jobs of one look have in common.
    struct ExplainFacts: Sendable {
        var now: Double
        var liveWorkers: Int
        var slots: Int
        var running: Int
        var outlooks: [PoolID: Outlook] = [:]
        var pools: [LaneID: PoolID] = [:]
        /// What stands before each job in its own lane; nothing for one that lies too deep to be counted.
        var before: [JobID: Arrival] = [:]
    }

    func facts(for jobs: [StandingRow], in transaction: borrowing Transaction) throws -> ExplainFacts {
        let now = try transaction.now()
        let workers: [WorkerRecord] = try transaction.all(
            """
            select \(WorkerRecord.columns) from workers
             where stopped_at is null and heartbeat > \(Int64(now) - 30_000)
            """)
        var facts = ExplainFacts(
            now: now, liveWorkers: workers.count, slots: workers.map(\.slots).reduce(0, +),
            running: workers.map(\.running).reduce(0, +))
        let lanes = Set(jobs.compactMap { $0.row.state == .ready || $0.hasBeenPutOff ? $0.row.lane : nil })
        try transaction.forEach("select id, pool_id from lanes where id \(ids: lanes.map(\.rawValue))") {
            facts.pools[try $0[0]] = try $0[1]
        }
        for pool in Set(facts.pools.values) {
            guard let state = try stateToShow(of: pool, at: now, in: transaction) else { continue }
            var lanes: [Outlook.Lane] = try transaction.all(
                """
                select \(Outlook.Lane.columns) from lanes
                 where pool_id = \(pool) and (has_work = 1 or id \(ids: lanes.map(\.rawValue))) limit 20000
                """)
            let deltas = try unfolded(of: pool, in: transaction)
            for index in lanes.indices { if let delta = deltas[lanes[index].id] { lanes[index].add(delta) } }
            let circuit = try state.circuit == .closed ? nil : circuit(of: pool, in: transaction)
            facts.outlooks[pool] = Outlook(
                pool: state, circuit: circuit, lanes: lanes, now: now, horizon: limits.horizon)
        }
        facts.before = try placesInLanes(of: jobs.filter { $0.row.state == .ready }, in: transaction)
        return facts
    }

    private func standing(of job: StandingRow, _ facts: ExplainFacts) -> JobStanding {
        let row = job.row
        var explanation = Explanation()
        var startsIn: ClosedRange<Duration>?
        var position: Int?
        if row.state == .ready, let lane = row.lane, let pool = facts.pools[lane], let outlook = facts.outlooks[pool],
            let own = outlook.lanes.first(where: { $0.id == lane })
        {
            let before = facts.before[row.id] ?? Arrival(count: own.count, cost: own.cost)
            let trail = trail(of: row, in: pool)
            let ahead = outlook.ahead(in: own, own: before, trail: trail)
            let wait = max(
                outlook.start(behind: ahead, cost: row.cost),
                own.ownWait(behind: before.count, at: facts.now))
            explanation = Explanation(ready: job, lane: own, outlook: outlook, ahead: ahead, facts: facts)
            position = Int((ahead.count / trail.count).rounded())
            startsIn = explanation.isOpenEnded ? nil : wait * 0.92...(wait * 1.08 + .seconds(1))
        } else if row.state == .waiting {
            let pool = job.hasBeenPutOff ? row.lane.flatMap { facts.pools[$0] } : nil
            let circuit = pool.flatMap { facts.outlooks[$0]?.circuit }
            explanation = Explanation(waiting: job, circuit: circuit, at: facts.now)
            if let due = row.runAt, !explanation.isOpenEnded {
                let wait = Duration.milliseconds(max(0, Double(due) - facts.now))
                startsIn = wait...(wait + .seconds(1))
            }
        }
        return JobStanding(
            id: row.id, state: row.state, step: nextStep(of: row),
            attempt: row.attempt, reason: explanation.reason, evidence: explanation.evidence,
            remedy: explanation.remedy,
            since: job.since, position: position, startsIn: startsIn,
            endsIn: ending(of: job, startsIn: startsIn, isOpenEnded: explanation.isOpenEnded, at: facts.now))
    }

    /// What no claim of a pool has folded in yet, such as what has come since the last one.
    private func unfolded(
        of pool: PoolID, in transaction: borrowing Transaction
    ) throws -> [LaneID: LaneDelta] {
        var deltas: [LaneID: LaneDelta] = [:]
        try transaction.forEach(
            """
            select lane_id, cast(sum(n) as bigint), sum(cost), cast(sum(running) as bigint)
              from lane_deltas where pool_id = \(pool) group by lane_id
            """
        ) { row in
            let lane: LaneID = try row[0]
            deltas[lane] = try LaneDelta(pool: pool, lane: lane, count: row[1], cost: row[2], running: row[3])
        }
        return deltas
    }

    /// A pool as people see it: with the places taken, and nothing that is out of date.
    func stateToShow(of pool: PoolID, at now: Double, in transaction: borrowing Transaction) throws -> PoolState? {
        var state: PoolState? = try transaction.one("select \(PoolState.columns) from pools where id = \(pool)")
        state?.learn { learned, _ in learned.refresh(at: now) }
        if state?.placeLife != nil {
            state?.placesTaken =
                try transaction.value(
                    """
                    select cast(count(*) as bigint) from pool_places
                     where pool_id = \(pool) and expires_at > \(Int64(now))
                    """) ?? 0
        }
        return state
    }

    /// What comes back to the pool with a job like this one.
    func trail(of job: JobRow, in pool: PoolID) -> Outlook.Trail {
        let name = pools.name(pool)
        return Outlook.Trail((workflows.known(job.kind)?.itinerary(job) ?? []).filter { $0.pool == name })
    }

    private func nextStep(of job: JobRow) -> String? {
        guard job.state.isActive, !job.step.isEmpty, job.state != .waiting || !job.wakesPlan else { return nil }
        return job.step
    }

    /// The rest of the way, leg by leg. Nil when it depends on a person, or when the workflow knows no itinerary.
    private func ending(
        of job: StandingRow, startsIn: ClosedRange<Duration>?, isOpenEnded: Bool, at now: Double
    ) -> ClosedRange<Duration>? {
        guard job.row.state.isActive, !isOpenEnded, let plan = workflows.known(job.row.kind) else { return nil }
        var legs = plan.itinerary(job.row)[...]
        guard !legs.isEmpty else { return nil }
        if job.row.state == .waiting, job.row.wakesPlan { legs = legs.dropFirst() }
        let way = legs.map(\.duration).reduce(.zero, +)
        let start = startsIn ?? (.zero ... .zero)
        let done = job.row.state == .running ? Duration.milliseconds(max(0, now - (job.since ?? now))) : .zero
        let least = max(.zero, start.lowerBound + way * 0.8 - done)
        return least...max(least, start.upperBound + way * 1.3 - done)
    }
}

/// A job with what an explanation needs beyond the plan's view of it.
struct StandingRow: Sendable, RowDecodable {
    static var columns: SQL {
        "\(JobRow.columns), rank, crashes, failure_code, failure_message, failure_hint, since_at"
    }
    let row: JobRow
    let rank: Int
    let crashes: Int
    let failureCode: String?
    let failureMessage: String?
    let failureHint: String?
    let since: Double?
    /// A call of its present step has failed, and it waits for the time of the next.
    var hasBeenPutOff: Bool { row.state == .waiting && !row.wakesPlan && failureCode != nil }

    init(_ source: borrowing Row) throws {
        row = try JobRow(source)
        rank = try source["rank"]
        crashes = try source["crashes"]
        failureCode = try source["failure_code"]
        failureMessage = try source["failure_message"]
        failureHint = try source["failure_hint"]
        since = try (source["since_at"] as Int64?).map(Double.init)
    }
}
