import Database
import Logging

extension Engine {
    /// Wakes the jobs whose time has come.
    ///
    /// Those that back off go back to their lane together; those whose plan is to be asked are woken one by one, each
    /// in a transaction of its own, so that one bad row holds up no other. Jobs of a kind that this process does not
    /// know are left to one that does.
    /// - Returns: how many were woken; a full `limit` means that there may be more.
    func runTimers(limit: Int = 100) async throws -> Int {
        let inPlace = try await transaction { transaction, wakes in
            try self.wakeInPlace(limit: limit, in: transaction, waking: wakes)
        }
        let due: [JobID] = try await database.read { transaction in
            try transaction.values(
                """
                select id from jobs
                 where state = 2 and run_at is not null and run_at <= \(Int64(transaction.now())) and wakes = 1
                   and kind in (\(list: self.workflows.kinds.map(\.rawValue)))
                 order by run_at limit \(limit)
                """)
        }
        var woken = 0
        for id in due where await wakeOrLog(id) { woken += 1 }
        return inPlace + woken
    }

    /// A job that cannot be woken now is looked at again with the next poll.
    private func wakeOrLog(_ id: JobID) async -> Bool {
        do { return try await wakeByTimer(id) } catch {
            logger.error("could not wake a job by its timer", metadata: ["job": "\(id)", "error": "\(error)"])
            return false
        }
    }

    /// How long until the next timer that is still to come; nil when none is set. What is overdue stays so for a
    /// reason, such as a lock, and the poll is soon enough for it.
    func nextTimer() async throws -> Duration? {
        try await database.read { transaction in
            let now = try transaction.now()
            let next: Int64? = try transaction.value(
                """
                select run_at from jobs where state = 2 and run_at is not null and run_at > \(Int64(now))
                 order by run_at limit 1
                """)
            return next.map { .milliseconds(max(0, Double($0) - now)) }
        }
    }

    private func wakeInPlace(limit: Int, in transaction: borrowing Transaction, waking wakes: Wakes) throws -> Int {
        let now = try Int64(transaction.now())
        var ids: [Int64] = []
        var arrivals: [LaneID: Arrival] = [:]
        try transaction.forEach(
            """
            select id, lane_id, cost from jobs
             where state = 2 and run_at is not null and run_at <= \(now) and wakes = 0
             order by run_at limit \(limit) \(.lock(.updateSkipLocked))
            """
        ) { row in
            ids.append(try row[0])
            arrivals[try row[1], default: Arrival()].add(try row[2])
        }
        guard !ids.isEmpty else { return 0 }
        try transaction.executeLater("update jobs set state = 0, run_at = null, since_at = \(now) where id \(ids: ids)")
        try arrive(arrivals, in: transaction, waking: wakes)
        return ids.count
    }

    /// - Returns: false when another process woke it first, or holds it at this moment.
    private func wakeByTimer(_ id: JobID) async throws -> Bool {
        try await transaction { transaction, wakes in
            let now = try transaction.now()
            guard
                let job = try transaction.one(
                    "select \(JobRow.columns) from jobs where id = \(id) \(.lock(.updateSkipLocked))", as: JobRow.self),
                job.state == .waiting, job.wakesPlan, let due = job.runAt, due <= Int64(now)
            else { return false }
            try self.wake(job, because: .timer, at: now, in: transaction, waking: wakes)
            return true
        }
    }
}
