import Database

/// A party that shares the quotas with the others in proportion to its weight.
public struct Tenant: Sendable, RowDecodable {
    public let id: TenantID
    /// The product's own name for it, such as a site's instance id; unique.
    public let name: String
    public let weight: Double
    /// Paused: its jobs stay where they are.
    public let isHeld: Bool
    /// Steps in flight in each pool; nil leaves it to the pool's terms.
    public let cap: Int?

    static let columns: SQL = "id, name, weight, held, cap"

    public init(_ row: borrowing Row) throws {
        id = try row["id"]
        name = try row["name"]
        weight = try row["weight"]
        isHeld = try row["held"]
        cap = try row["cap"]
    }
}

extension Engine {
    /// Finds the tenant of this name or makes it. Safe to call at once from many processes.
    public func ensureTenant(named name: String, weight: Double = 1, in transaction: borrowing Transaction) throws
        -> Tenant
    {
        if let known = try tenant(named: name, in: transaction) { return known }
        let now = try transaction.now()
        let id: TenantID = ids.next(at: now)
        try transaction.execute(
            """
            insert into tenants (id, name, weight, held, created_at) values (\(id), \(name), \(weight), 0, \(Int64(now)))
            on conflict (name) do nothing
            """)
        guard let made = try tenant(named: name, in: transaction) else { throw EngineError.unknownTenant(id) }
        return made
    }

    public func tenant(named name: String, in transaction: borrowing Transaction) throws -> Tenant? {
        try transaction.one("select \(Tenant.columns) from tenants where name = \(name)")
    }

    public func tenant(_ id: TenantID, in transaction: borrowing Transaction) throws -> Tenant? {
        try transaction.one("select \(Tenant.columns) from tenants where id = \(id)")
    }
}
