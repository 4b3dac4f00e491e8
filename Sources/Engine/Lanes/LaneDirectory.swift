import Database
import Synchronization

/// Remembers which lane is whose, so that an enqueue need not look it up. Lanes are never deleted, and only committed ones
/// are remembered, as a claim reads them or a transaction has left them: one still open may yet be rolled back.
final class LaneDirectory: Sendable {
    private struct Key: Hashable {
        let pool: PoolID
        let tenant: TenantID
    }
    /// Beyond this the memory starts anew; 20,000 entries are about 3 MB.
    static let entriesMax = 20_000
    private struct Entries {
        var lanes: [Key: LaneID] = [:]
        var pools: [LaneID: PoolID] = [:]
    }
    private let entries = Mutex(Entries())

    func lane(of tenant: TenantID, in pool: PoolID) -> LaneID? {
        entries.withLock { $0.lanes[Key(pool: pool, tenant: tenant)] }
    }

    func pool(of lane: LaneID) -> PoolID? { entries.withLock { $0.pools[lane] } }

    func remember(_ lane: LaneID, of tenant: TenantID, in pool: PoolID) {
        entries.withLock { entries in
            if entries.lanes.count >= Self.entriesMax {
                entries.lanes.removeAll(keepingCapacity: true)
                entries.pools.removeAll(keepingCapacity: true)
            }
            entries.lanes[Key(pool: pool, tenant: tenant)] = lane
            entries.pools[lane] = pool
        }
    }
}

extension Engine {
    /// The tenant's lane in a pool, made on first use with the tenant's weight and pause.
    func ensureLane(of tenant: TenantID, in pool: PoolDirectory.Entry, _ transaction: borrowing Transaction) throws
        -> LaneID
    {
        if let known = lanes.lane(of: tenant, in: pool.id) { return known }
        if let stored = try lane(of: tenant, in: pool.id, transaction) { return stored }
        // A pause updates the tenant's row before it looks for lanes, so that none made meanwhile escapes it.
        guard
            let owner = try transaction.one(
                "select \(Tenant.columns) from tenants where id = \(tenant) \(.lock(.share))", as: Tenant.self)
        else { throw EngineError.unknownTenant(tenant) }
        let terms = pool.definition.lane
        let id: LaneID = try ids.next(at: transaction.now())
        // Of two that make it at once the second waits here for the first, and then finds its lane.
        let isFirst = try transaction.execute(
            """
            insert into lane_keys (pool_id, tenant_id, lane_id) values (\(pool.id), \(tenant), \(id))
            on conflict (pool_id, tenant_id) do nothing
            """)
        guard isFirst == 1 else { return try lane(of: tenant, in: pool.id, transaction) ?? id }
        try transaction.execute(
            """
            insert into lanes (id, pool_id, tenant_id, held, weight, cap, rate, burst)
            values (\(id), \(pool.id), \(tenant), \(owner.isHeld), \(owner.weight),
                    cast(\(owner.cap ?? terms.concurrency) as bigint),
                    cast(\(terms.rate) as double precision), cast(\(terms.burst) as double precision))
            """)
        return id
    }

    private func lane(of tenant: TenantID, in pool: PoolID, _ transaction: borrowing Transaction) throws -> LaneID? {
        try transaction.value("select lane_id from lane_keys where pool_id = \(pool) and tenant_id = \(tenant)")
    }
}
