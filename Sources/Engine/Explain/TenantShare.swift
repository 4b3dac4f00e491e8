import Database

/// What a tenant gets of a pool against what is fair.
public struct TenantShare: Sendable {
    public let tenant: Tenant
    /// Ready steps, and their cost.
    public let backlog: Int
    public let backlogCost: Double
    public let running: Int
    /// Of all that the pool has served within the time looked at, 0…1.
    public let served: Double
    public let servedCost: Double
    /// Its weight, over those of all who want something of the pool or have got something, 0…1. Who wants less than
    /// that leaves the rest to the others.
    public let fair: Double
}

extension Engine {
    /// Who is served in a pool, the longest queues first.
    ///
    /// - Parameter window: how far back to look; a step counts where it ended.
    /// - Parameter limit: tenants at most, 1…1000; shares are of all.
    public func tenantShares(
        in name: PoolName, window: Duration = .seconds(300), limit: Int = 50
    ) async throws -> [TenantShare] {
        let pool = try pools.entry(name).id
        return try await database.read { transaction in
            let since = Int64(try transaction.now() - window.milliseconds)
            var served: [TenantID: Double] = [:]
            try transaction.forEach(
                """
                select j.tenant_id, sum(s.cost) from steps s join jobs j on j.id = s.job_id
                 where s.ended_at >= \(since) and s.pool_id = \(pool) and s.absorbed = 0
                 group by j.tenant_id
                """
            ) { served[try $0[0]] = try $0[1] }
            let lanes: [TenantLane] = try transaction.all(
                """
                select \(TenantLane.columns) from lanes l join tenants t on t.id = l.tenant_id
                 where l.pool_id = \(pool)
                   and (l.has_work = 1 or l.running > 0 or t.id \(ids: served.keys.map(\.rawValue).sorted()))
                 order by l.backlog_cost desc, t.id
                """)
            let weights = lanes.filter { !$0.tenant.isHeld }.map(\.tenant.weight).reduce(0, +)
            let all = served.values.reduce(0, +)
            return lanes.prefix(min(max(limit, 1), 1000)).map { lane in
                let cost = served[lane.tenant.id] ?? 0
                return TenantShare(
                    tenant: lane.tenant, backlog: max(0, lane.backlog), backlogCost: max(0, lane.backlogCost),
                    running: max(0, lane.running), served: all > 0 ? cost / all : 0, servedCost: cost,
                    fair: lane.tenant.isHeld || weights == 0 ? 0 : lane.tenant.weight / weights)
            }
        }
    }
}

private struct TenantLane: RowDecodable {
    static let columns: SQL = "t.id, t.name, t.weight, t.held, t.cap, l.backlog_count, l.backlog_cost, l.running"
    let tenant: Tenant
    let backlog: Int
    let backlogCost: Double
    let running: Int

    init(_ row: borrowing Row) throws {
        tenant = try Tenant(row)
        backlog = try row["backlog_count"]
        backlogCost = try row["backlog_cost"]
        running = try row["running"]
    }
}
