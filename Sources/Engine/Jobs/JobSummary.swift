import Database

/// A job in a list, for operators.
public struct JobSummary: Sendable, RowDecodable {
    public let id: JobID
    public let tenant: TenantID
    public let tenantName: String
    public let kind: JobKind
    public let state: JobState
    public let step: String
    public let attempt: Int
    public let failureCode: String?
    public let failureMessage: String?
    public let failureHint: String?
    /// Milliseconds since 1970.
    public let createdAt: Double
    public let endedAt: Double?

    static let columns: SQL = """
        j.id, j.tenant_id, t.name, j.kind, j.state, j.step, j.attempt, j.failure_code, j.failure_message, j.failure_hint,
        j.created_at, j.ended_at
        """

    public init(_ row: borrowing Row) throws {
        id = try row[0]
        tenant = try row[1]
        tenantName = try row[2]
        kind = try JobKind(rawValue: row[3])
        state = try JobState(rawValue: row[4]) ?? .failed
        step = try row[5]
        attempt = try row[6]
        failureCode = try row[7]
        failureMessage = try row[8]
        failureHint = try row[9]
        createdAt = try Double(row[10] as Int64)
        endedAt = try (row[11] as Int64?).map(Double.init)
    }
}

/// Which jobs a list shows.
public struct JobFilter: Sendable {
    public var state: JobState?
    public var tenant: String?
    public var kind: JobKind?
    /// Only jobs older than this one: the last of the page before.
    public var before: JobID?
    /// 1…500.
    public var limit = 50
    public init() {}
}

extension Engine {
    /// Jobs of all tenants, newest first.
    public func jobsOfAllTenants(_ filter: JobFilter) async throws -> [JobSummary] {
        let limit = min(max(filter.limit, 1), 500)
        var condition: SQL = "1 = 1"
        if let state = filter.state { condition = "\(condition) and j.state = \(state)" }
        if let tenant = filter.tenant { condition = "\(condition) and t.name = \(tenant)" }
        if let kind = filter.kind { condition = "\(condition) and j.kind = \(kind.rawValue)" }
        if let before = filter.before { condition = "\(condition) and j.id < \(before)" }
        let wanted = condition
        return try await database.read { transaction in
            try transaction.all(
                """
                select \(JobSummary.columns) from jobs j join tenants t on t.id = j.tenant_id
                 where \(wanted) order by j.id desc limit \(limit)
                """)
        }
    }

    public func job(_ id: JobID) async throws -> JobSummary? {
        try await database.read { transaction in
            try transaction.one(
                "select \(JobSummary.columns) from jobs j join tenants t on t.id = j.tenant_id where j.id = \(id)")
        }
    }

    /// The steps recorded for a job, in order.
    public func steps(of id: JobID) async throws -> [StepRecord] {
        try await database.read { transaction in
            try transaction.all(
                "select \(StepRecord.columns) from steps where job_id = \(id) order by ended_at, step, round")
        }
    }

    public func workers() async throws -> [WorkerRecord] {
        try await database.read { transaction in
            try transaction.all(
                """
                select \(WorkerRecord.columns) from workers
                 where stopped_at is null and heartbeat > \(Int64(transaction.now()) - 60_000) order by id
                """)
        }
    }
}

/// One recorded step: checkpoint and ledger.
public struct StepRecord: Sendable, RowDecodable {
    public let step: String
    public let round: Int
    public let attempt: Int
    public let wasAbsorbed: Bool
    public let provider: String?
    public let model: String?
    public let inputTokens: Int
    public let outputTokens: Int
    public let microdollars: Int64
    public let cost: Double
    /// Milliseconds since 1970.
    public let startedAt: Double
    public let endedAt: Double

    static let columns: SQL = """
        step, round, attempt, absorbed, provider, model, tokens_in, tokens_out, microdollars, cost, started_at, ended_at
        """

    public init(_ row: borrowing Row) throws {
        step = try row[0]
        round = try row[1]
        attempt = try row[2]
        wasAbsorbed = try row[3]
        provider = try row[4]
        model = try row[5]
        inputTokens = try row[6]
        outputTokens = try row[7]
        microdollars = try row[8]
        cost = try row[9]
        startedAt = try Double(row[10] as Int64)
        endedAt = try Double(row[11] as Int64)
    }
}
