/// A job as its workflow sees it.
public struct Job<Input: Codable & Sendable>: Sendable {
    public let id: JobID
    public let tenant: TenantID
    public let input: Input
    /// Smaller goes first within a tenant; 0 is interactive.
    public let priority: Int
    /// Milliseconds since 1970 by the database's clock.
    public let createdAt: Double

    public init(id: JobID, tenant: TenantID, input: Input, priority: Int = 0, createdAt: Double = 0) {
        self.id = id
        self.tenant = tenant
        self.input = input
        self.priority = priority
        self.createdAt = createdAt
    }
}
