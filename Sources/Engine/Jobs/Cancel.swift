import Database

extension Engine {
    /// Ends an active job. A step that runs at the moment loses its lease: its worker stops the call when it next
    /// looks, and what the call cost is booked.
    ///
    /// - Throws: ``EngineError/unknownJob(_:)``; ``EngineError/wrongState(_:_:)`` when the job has ended already.
    public func cancel(
        _ id: JobID, by person: String, in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws {
        guard let job = try JobRow.locked(id, in: transaction) else { throw EngineError.unknownJob(id) }
        guard job.state.isActive else { throw EngineError.wrongState(id, job.state) }
        let now = try transaction.now()
        try transaction.execute(
            """
            update jobs
               set state = \(JobState.cancelled), fence = fence + 1, lease_until = null, worker = null, run_at = null,
                   wait_for = null, crashes = 0, since_at = \(Int64(now)), ended_at = \(Int64(now)), \(Self.noFailure)
             where id = \(id)
            """)
        // A job that no workflow can read any more must not stay for ever.
        try tolerate("project the cancellation", of: id, in: transaction) {
            try workflows.known(job.kind)?.project(.cancelled, job, $0)
        }
        try appendEvent(.cancelled, to: id, at: now, detail: person, in: transaction)
        if let delta = try job.leaving(in: transaction) { try append([delta], in: transaction) }
        try freePlaces(of: [id], in: nil, in: transaction, waking: wakes)
        if job.state == .running { wakes.cancelled() }
        wakes.events()
    }
}

extension JobRow {
    /// What the counters lose when this job, as read, leaves its lane; nil when it stands in none.
    func leaving(in transaction: borrowing Transaction) throws -> LaneDelta? {
        guard let lane, state == .ready || state == .running,
            let pool: PoolID = try transaction.value("select pool_id from lanes where id = \(lane)")
        else { return nil }
        return state == .ready
            ? LaneDelta(pool: pool, lane: lane, count: -1, cost: -cost)
            : LaneDelta(pool: pool, lane: lane, running: -1)
    }
}
