import Database

extension Engine {
    /// Pauses a tenant: its jobs stay where they are, whatever runs finishes, nothing new starts.
    public func hold(_ tenant: TenantID, in transaction: borrowing Transaction) throws {
        try set(held: true, of: tenant, in: transaction)
    }

    /// Lets a paused tenant go on, at the present turn: it does not catch up on what it missed.
    public func resume(_ tenant: TenantID, in transaction: borrowing Transaction, waking wakes: Wakes) throws {
        try set(held: false, of: tenant, in: transaction)
        for pool in pools.all { wakes.pool(pool.id) }
    }

    /// Changes a tenant's share in every pool, at once.
    /// - Parameter weight: greater than zero; 1 is the default share.
    public func setWeight(_ weight: Double, of tenant: TenantID, in transaction: borrowing Transaction) throws {
        precondition(weight > 0 && weight.isFinite, "a share is greater than nothing")
        guard try transaction.execute("update tenants set weight = \(weight) where id = \(tenant)") == 1 else {
            throw EngineError.unknownTenant(tenant)
        }
        for lane in try lockedLanes(of: tenant, in: transaction) {
            try transaction.execute("update lanes set weight = \(weight) where id = \(lane)")
        }
    }

    /// Pauses a whole pool (people's pause; a provider's refusal pauses it by time).
    public func hold(_ pool: PoolName, in transaction: borrowing Transaction) throws {
        try transaction.execute("update pools set held = 1 where id = \(pools.entry(pool).id)")
    }

    /// Lets a paused pool go on, and one that was stopped because its provider refuses every call.
    public func resume(_ pool: PoolName, in transaction: borrowing Transaction, waking wakes: Wakes) throws {
        let entry = try pools.entry(pool)
        try transaction.execute("update pools set held = 0 where id = \(entry.id)")
        try clearStop(of: entry.id, in: transaction)
        wakes.pool(entry.id)
    }

    public var poolNames: [PoolName] { pools.all.map(\.definition.name) }

    /// Tenant first, then its lanes in ascending order: the lock order of everything that touches both.
    private func set(held: Bool, of tenant: TenantID, in transaction: borrowing Transaction) throws {
        guard try transaction.execute("update tenants set held = \(held) where id = \(tenant)") == 1 else {
            throw EngineError.unknownTenant(tenant)
        }
        for lane in try lockedLanes(of: tenant, in: transaction) {
            if held {
                try transaction.execute("update lanes set held = 1 where id = \(lane)")
            } else {
                try transaction.execute("update lanes set held = 0, vt = \(Self.clampedTurn) where id = \(lane)")
            }
        }
    }

    func lockedLanes(of tenant: TenantID, in transaction: borrowing Transaction) throws -> [LaneID] {
        try transaction.values("select id from lanes where tenant_id = \(tenant) order by id \(.lock(.noKeyUpdate))")
    }
}
