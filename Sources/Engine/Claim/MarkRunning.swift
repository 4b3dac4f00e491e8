import Database

extension Engine {
    /// Marks the jobs running. What does not come back was cancelled meanwhile: its permit is lost, its lane not
    /// charged.
    ///
    /// `state + 0`: a bare `state = 0` lets PostgreSQL walk the partial index of all ready jobs instead of the primary
    /// key.
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
            returning \(JobRow.columns), rank, crashes
            """
        ) { row in
            let job = try JobRow(row)
            guard let entry = starts[job.id] else { return }
            steps.append(
                ClaimedStep(
                    job: job, pool: pool, rank: try row["rank"], charged: entry.cost,
                    delay: .milliseconds(max(0, entry.start - now)), start: entry.start, crashes: try row["crashes"]))
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
}
