import Database

extension Engine {
    /// Bounds a tenant's steps in flight in each pool, at once and for lanes made later.
    ///
    /// - Parameter cap: at least 1; nil leaves it to what each pool allows anyone.
    public func setCap(
        _ cap: Int?, of tenant: TenantID, in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws {
        precondition(cap.map { $0 > 0 } ?? true, "who may start nothing is paused, not capped")
        let known = try transaction.execute(
            "update tenants set cap = cast(\(cap) as bigint) where id = \(tenant)")
        guard known == 1 else { throw EngineError.unknownTenant(tenant) }
        // The tenant, then its lanes in ascending order. Those that stand at a cap are looked at again.
        for lane in try lockedLanes(of: tenant, in: transaction) {
            let pool: PoolID? = try transaction.value("select pool_id from lanes where id = \(lane)")
            let terms = pool.flatMap(pools.definition)?.lane ?? LaneTerms()
            try transaction.execute(
                """
                update lanes
                   set cap = cast(\(cap ?? terms.concurrency) as bigint), vt = \(Self.clampedTurn),
                       parked = case when parked = 2 then 0 else parked end
                 where id = \(lane)
                """)
            if let pool { wakes.pool(pool) }
        }
    }

    /// A lane's cap: its tenant's own, or what the pool allows anyone.
    static func cap(by terms: LaneTerms) -> SQL {
        """
        coalesce((select t.cap from tenants t where t.id = lanes.tenant_id), cast(\(terms.concurrency) as bigint))
        """
    }
}
