import Database

extension Engine {
    /// Marks the jobs running. What does not come back was cancelled or has gone over to another pool meanwhile: its
    /// permit is lost, its lane not charged.
    ///
    /// `state + 0`, `lane_id + 0`: without, PostgreSQL may walk the partial index of ready jobs instead of the primary key.
    func mark(
        _ taken: [TurnTaking.Taken], lanes: [LaneState], pool: PoolID, lease: Duration, at now: Double,
        in transaction: borrowing Transaction
    ) throws -> [ClaimedStep] {
        guard !taken.isEmpty else { return [] }
        let leaseUntil = Int64(now + (limits.horizon + lease).milliseconds)
        var starts: [JobID: TurnTaking.Taken] = [:]
        for entry in taken { starts[entry.job] = entry }
        var steps: [ClaimedStep] = []
        try transaction.forEach(
            """
            update jobs
               set state = 1, fence = fence + 1, attempt = attempt + 1, worker = \(incarnation),
                   lease_until = \(leaseUntil), since_at = \(Int64(now))
            \(Self.lockedRows(Self.areReady(taken.map(\.job), in: lanes.map(\.id))))
            returning \(JobRow.claimedColumns), rank, crashes, estimate
            """
        ) { row in
            var job = try JobRow(claimed: row)
            guard let entry = starts[job.id] else { return }
            job.estimate = try row[14]
            steps.append(
                ClaimedStep(
                    job: job, pool: pool, rank: try row[12], charged: entry.cost,
                    delay: .milliseconds(max(0, entry.start - now)), start: entry.start, crashes: try row[13]))
        }
        try announceStarts(of: steps, at: now, in: transaction)
        return steps.sorted { ($0.start, $0.job.id) < ($1.start, $1.job.id) }
    }

    static func areReady(_ jobs: [JobID], in lanes: [LaneID]) -> SQL {
        "id \(ids: jobs.map(\.rawValue)) and state + 0 = 0 and lane_id + 0 \(ids: lanes.map(\.rawValue))"
    }

    /// The rows of `jobs` for which a condition holds, but for those that somebody else has locked.
    ///
    /// On PostgreSQL they are found once by the index and then by their place, which spares the second search; a row that
    /// has moved between the two is passed over too.
    static func lockedRows(_ condition: SQL) -> SQL {
        """
        \(postgres: "from (select ctid as place from jobs where \(condition) for update skip locked) as free where jobs.ctid = free.place", sqlite: "where \(condition)")
        """
    }

    private func announceStarts(of steps: [ClaimedStep], at now: Double, in transaction: borrowing Transaction) throws {
        guard !steps.isEmpty else { return }
        // In the index's order, which is quicker.
        let watched = steps.filter { !isBrief($0.job) }.sorted { $0.job.id < $1.job.id }
        try append(
            watched.map {
                EventRow(job: $0.job.id, at: now, kind: .started, step: $0.job.step, detail: "\(incarnation)")
            }, in: transaction)
        let announced = steps.filter { workflows.known($0.job.kind)?.announcesStart($0.job.step) ?? false }
        if !announced.isEmpty { try project(startsOf: announced, in: transaction) }
    }

    func isBrief(_ job: JobRow) -> Bool { workflows.known(job.kind)?.policy(job.step).isBrief ?? false }

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
}
