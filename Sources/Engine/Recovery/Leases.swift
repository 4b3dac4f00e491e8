import Database

extension Engine {
    /// Renews the leases of the steps that this process runs.
    /// - Returns: the fences that still hold; a step that is missing was taken away and must stop.
    func renew(_ steps: [JobID: Int64], for lease: Duration) async throws -> [JobID: Int64] {
        guard !steps.isEmpty else { return [:] }
        return try await database.transaction { transaction in
            let until = try Int64(transaction.now() + lease.milliseconds)
            var held: [JobID: Int64] = [:]
            try transaction.forEach(
                """
                update jobs set lease_until = case when lease_until < \(until) then \(until) else lease_until end
                 where id in (select id from jobs where id \(ids: steps.keys.sorted().map(\.rawValue)) and state + 0 = 1
                                and worker = \(self.incarnation) \(.lock(.updateSkipLocked)))
                returning id, fence
                """
            ) { row in
                let id: JobID = try row[0]
                let fence: Int64 = try row[1]
                if steps[id] == fence { held[id] = fence }
            }
            // A row that a record or a signal holds at this instant was skipped; it is not lost.
            let skipped = steps.keys.filter { held[$0] == nil }.sorted()
            guard !skipped.isEmpty else { return held }
            try transaction.forEach(
                """
                select id, fence from jobs
                 where id \(ids: skipped.map(\.rawValue)) and state + 0 = 1 and worker = \(self.incarnation)
                """
            ) { row in
                let id: JobID = try row[0]
                let fence: Int64 = try row[1]
                if steps[id] == fence { held[id] = fence }
            }
            return held
        }
    }
}
