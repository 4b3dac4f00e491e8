import Database

extension Engine {
    /// Wakes the jobs whose time has come.
    ///
    /// Those that back off go back to their lane together; those whose plan is to be asked are woken one by one, each in a
    /// transaction of its own, so that one bad row holds up no other.
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
                 order by run_at limit \(limit)
                """)
        }
        for id in due { try await wakeByTimer(id) }
        return inPlace + due.count
    }

    /// How long until the next timer; nil when none is set.
    func nextTimer() async throws -> Duration? {
        try await database.read { transaction in
            let next: Int64? = try transaction.value(
                "select run_at from jobs where state = 2 and run_at is not null order by run_at limit 1")
            guard let next else { return nil }
            return .milliseconds(max(0, Double(next) - (try transaction.now())))
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
        try transaction.execute("update jobs set state = 0, run_at = null where id \(ids: ids)")
        try arrive(arrivals, in: transaction, waking: wakes)
        return ids.count
    }

    private func wakeByTimer(_ id: JobID) async throws {
        try await transaction { transaction, wakes in
            let now = try transaction.now()
            guard
                let due: JobID = try transaction.value(
                    """
                    select id from jobs where id = \(id) and state = 2 and wakes = 1 and run_at <= \(Int64(now))
                    \(.lock(.updateSkipLocked))
                    """), let job = try JobRow.locked(due, in: transaction)
            else { return }
            try self.wake(job, because: .timer, at: now, in: transaction, waking: wakes)
        }
    }
}
