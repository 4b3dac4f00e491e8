import Database

extension Engine {
    /// Pools in which a claim may find something: an eligible lane, one that may be unparked, or deltas to fold.
    func poolsWithWork() async throws -> [PoolID] {
        try await database.read { transaction in
            try transaction.values(
                """
                select p.id from pools p
                 where p.held = 0
                   and (p.stopped = 0 or (p.stopped = 1 and p.stopped_until <= \(transaction.now())))
                   and (exists (select 1 from lanes l
                                 where l.pool_id = p.id and l.has_work = 1 and l.held = 0 and l.parked = 0)
                     or exists (select 1 from lanes l where l.pool_id = p.id and l.parked = 1
                                   and l.resume_at <= \(Int64(transaction.now())))
                     or exists (select 1 from lane_deltas d where d.pool_id = p.id))
                 order by p.id
                """)
        }
    }
}
