import Database

/// What a tenant has had of the quotas lately, beside what its weight entitles it to.
public struct TenantShare: Sendable {
    public let tenant: Tenant
    /// Ready jobs in all lanes, and steps under way.
    public let queued: Int
    public let running: Int
    /// Steps that have ended in the window.
    public let steps: Int
    /// Its part of what the tenants were given in the window, 0…1, by the pool that it used most of. Zero when nobody
    /// was given anything.
    public let served: Double
    /// Its weight's part among those who were given something or wait for it: what it would get if all wanted more than
    /// that. Zero for a tenant that wanted nothing.
    public let fair: Double
}

extension Engine {
    /// How long back shares are looked at.
    public static let shareWindow = Duration.seconds(600)
    /// More steps than this of the window are not read: the newest count.
    private static let shareStepsMax = 200_000

    /// The tenants with work, or that were given something in the last ten minutes; those that were given most come
    /// first.
    /// - Parameter limit: at most this many.
    public func tenantShares(limit: Int = 100) async throws -> [TenantShare] {
        try await database.read { transaction in
            let now = try transaction.now()
            let served = try self.servedCosts(since: now - Self.shareWindow.milliseconds, in: transaction)
            var waiting: [TenantID: (queued: Int, running: Int)] = [:]
            try transaction.forEach(
                """
                select tenant_id, cast(sum(backlog_count) as bigint), cast(sum(running) as bigint) from lanes
                 where has_work = 1 or running <> 0 or backlog_count <> 0 group by tenant_id
                """
            ) { waiting[try $0[0]] = (queued: max(0, try $0[1]), running: max(0, try $0[2])) }
            let ids = Set(waiting.keys).union(served.keys).sorted { $0.rawValue < $1.rawValue }
            let tenants: [Tenant] = try transaction.all(
                "select \(Tenant.columns) from tenants where id \(ids: ids.map(\.rawValue)) order by id")
            let shares = Shares(served: served, weights: tenants.map { ($0.id, $0.weight) })
            return tenants.map { tenant in
                TenantShare(
                    tenant: tenant, queued: waiting[tenant.id]?.queued ?? 0, running: waiting[tenant.id]?.running ?? 0,
                    steps: served[tenant.id]?.values.map(\.steps).reduce(0, +) ?? 0,
                    served: shares.served(tenant.id), fair: shares.fair(tenant.weight))
            }
            .sorted { ($1.served, $1.queued, $0.tenant.id.rawValue) < ($0.served, $0.queued, $1.tenant.id.rawValue) }
            .prefix(limit).map(\.self)
        }
    }

    private func servedCosts(
        since: Double, in transaction: borrowing Transaction
    ) throws -> [TenantID: [PoolID: Shares.Served]] {
        var served: [TenantID: [PoolID: Shares.Served]] = [:]
        try transaction.forEach(
            """
            select j.tenant_id, s.pool_id, cast(count(*) as bigint), sum(s.cost)
              from (select job_id, pool_id, cost from steps where ended_at >= \(Int64(since))
                     order by ended_at desc limit \(Self.shareStepsMax)) as s
              join jobs j on j.id = s.job_id
             group by j.tenant_id, s.pool_id
            """
        ) { served[try $0[0], default: [:]][try $0[1]] = Shares.Served(steps: try $0[2], cost: try $0[3]) }
        return served
    }
}

/// Shares by the resource that each tenant used most of, as fairness over several resources counts them (Ghodsi and
/// others, "Dominant Resource Fairness", 2011).
struct Shares: Sendable {
    struct Served: Sendable {
        var steps: Int
        var cost: Double
    }
    private let dominant: [TenantID: Double]
    private let dominantSum: Double
    private let weightSum: Double

    init(served: [TenantID: [PoolID: Served]], weights: [(TenantID, Double)]) {
        var totals: [PoolID: Double] = [:]
        for pools in served.values { for (pool, part) in pools { totals[pool, default: 0] += part.cost } }
        let dominant = served.mapValues { pools in
            pools.map { pool, part in totals[pool].map { $0 > 0 ? part.cost / $0 : 0 } ?? 0 }.max() ?? 0
        }
        self.dominant = dominant
        // Added in one order, so that equal rows give equal figures.
        dominantSum = dominant.sorted { $0.key.rawValue < $1.key.rawValue }.map(\.value).reduce(0, +)
        weightSum = weights.map(\.1).reduce(0, +)
    }

    func served(_ tenant: TenantID) -> Double { dominantSum > 0 ? (dominant[tenant] ?? 0) / dominantSum : 0 }
    func fair(_ weight: Double) -> Double { weightSum > 0 ? weight / weightSum : 0 }
}
