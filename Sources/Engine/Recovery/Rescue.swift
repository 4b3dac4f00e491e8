import Database
import Logging

extension Engine {
    /// Takes back the steps whose lease has run out, or whose worker is known to be dead.
    ///
    /// The rows are locked and their fence is raised in the same transaction, so that what is taken is what was seen. A
    /// step that has lost its worker too often is set aside: it is what kills them (see ``beginSuspect(_:)``).
    /// - Parameter judgesLeases: false after an absence of the database, in which nobody could renew a lease.
    /// - Returns: how many steps were taken back.
    func rescue(
        deadWorkers: [Incarnation] = [], judgesLeases: Bool = true, limit: Int = 100
    ) async throws -> Int {
        let taken = try await transaction { transaction, wakes in
            let now = try transaction.now()
            var jobs: [RescuedJob] = []
            if judgesLeases {
                jobs = try transaction.all(
                    """
                    select \(RescuedJob.columns) from jobs
                     where state = 1 and lease_until < \(Int64(now))
                     order by lease_until limit \(limit) \(.lock(.updateSkipLocked))
                    """)
            }
            if !deadWorkers.isEmpty {
                let known = Set(jobs.map(\.job.id))
                jobs += try transaction.all(
                    """
                    select \(RescuedJob.columns) from jobs
                     where state = 1 and worker \(ids: deadWorkers.map(\.rawValue))
                     order by lease_until limit \(limit) \(.lock(.updateSkipLocked))
                    """, as: RescuedJob.self
                ).filter { !known.contains($0.job.id) }
            }
            try self.takeBack(jobs, at: now, in: transaction, waking: wakes)
            return jobs.count
        }
        if taken > 0 { logger.notice("took back steps whose worker is gone", metadata: ["steps": "\(taken)"]) }
        return taken
    }

    /// Puts back what this worker has claimed of a pool without hearing of it, since the answer to the claim was lost:
    /// nothing was called, and no attempt is spent. As at every hand-over the fence stays: the next claim raises it.
    ///
    /// For the pool's only claimer in this process, between two claims.
    /// - Parameter known: the fences of the steps that this process does perform.
    /// - Returns: how many were put back.
    @discardableResult
    func putBackUnknown(of pool: PoolID, knowing known: [JobID: Int64]) async throws -> Int {
        let count = try await transaction { transaction, wakes in
            let now = try transaction.now()
            let jobs: [RescuedJob] = try transaction.all(
                """
                select \(RescuedJob.columns) from jobs
                 where state = 1 and worker = \(self.incarnation)
                   and lane_id in (select id from lanes where pool_id = \(pool)) \(.lock(.updateSkipLocked))
                """)
            let unknown = jobs.filter { known[$0.job.id] != $0.job.fence }
            try self.takeBack(unknown, afterCrash: false, at: now, in: transaction, waking: wakes)
            return unknown.count
        }
        if count > 0 { logger.notice("put back steps whose claim was not answered", metadata: ["steps": "\(count)"]) }
        return count
    }

    private func takeBack(
        _ jobs: [RescuedJob], afterCrash: Bool = true, at now: Double, in transaction: borrowing Transaction,
        waking wakes: Wakes
    ) throws {
        guard !jobs.isEmpty else { return }
        let poisoned = jobs.filter { afterCrash && $0.crashes > crashesOfSuspect }
        let sound = jobs.filter { !afterCrash || $0.crashes <= crashesOfSuspect }
        try transaction.execute(
            """
            update jobs
               set state = 0, fence = fence + \(afterCrash ? 1 : 0),
                   crashes = \(afterCrash ? crashesOfVictim : crashesOfSurvivor),
                   attempt = attempt - \(afterCrash ? 0 : 1), lease_until = null, worker = null,
                   since_at = \(Int64(now))
             where id \(ids: sound.map(\.job.id.rawValue))
            """)
        let kind = afterCrash ? JobEvent.Kind.rescued : .released
        let events = jobs.map { rescued -> [SQLValue] in
            [
                rescued.job.id.sqlValue, Int64(now).sqlValue, kind.rawValue.sqlValue,
                rescued.job.step.sqlValue,
            ]
        }
        try transaction.execute("insert into job_events (job_id, at, kind, step) values \(values: events)")
        for rescued in poisoned { try setAside(rescued, at: now, in: transaction, waking: wakes) }
        try append(departures(of: jobs, in: transaction), in: transaction)
        try freePlaces(of: sound.map(\.job.id), in: nil, in: transaction, waking: wakes)
        var arrivals: [LaneID: Arrival] = [:]
        for rescued in sound {
            if let lane = rescued.job.lane { arrivals[lane, default: Arrival()].add(rescued.job.cost) }
        }
        try arrive(arrivals, in: transaction, waking: wakes)
        wakes.events()
    }

    /// What the lanes' counters lose when these running jobs leave them.
    private func departures(of jobs: [RescuedJob], in transaction: borrowing Transaction) throws -> [LaneDelta] {
        var counts: [LaneID: Int] = [:]
        for rescued in jobs { if let lane = rescued.job.lane { counts[lane, default: 0] += 1 } }
        var deltas: [LaneDelta] = []
        let lanes = counts.keys.sorted().map(\.rawValue)
        try transaction.forEach("select id, pool_id from lanes where id \(ids: lanes) order by id") { row in
            let lane: LaneID = try row[0]
            deltas.append(LaneDelta(pool: try row[1], lane: lane, running: -(counts[lane] ?? 0)))
        }
        return deltas
    }

    private func setAside(
        _ rescued: RescuedJob, at now: Double, in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws {
        let failure = StepFailure(
            code: "job.poisoned",
            message: "Its worker died \(rescued.crashes) times during the step \(rescued.job.step).",
            hint: "Look at the workers' logs around those times, then retry the job.", retry: .never)
        try transaction.execute(
            """
            update jobs
               set \(assignments(.fail(failure), attempt: rescued.job.attempt, now: now)), fence = fence + 1
             where id = \(rescued.job.id)
            """)
        try finishMove(.fail(failure), of: rescued.job, history: History(), at: now, in: transaction, waking: wakes)
    }
}

/// A running job that has lost its worker.
private struct RescuedJob: RowDecodable {
    static var columns: SQL { "\(JobRow.columns), crashes" }
    let job: JobRow
    let crashes: Int
    init(_ row: borrowing Row) throws {
        job = try JobRow(row)
        crashes = try row["crashes"]
    }
}
