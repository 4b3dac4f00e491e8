import Database

/// What one ended call tells of its pool: what it cost against its estimate, and what its provider said of its limits.
struct PoolReport: Sendable {
    /// Whose estimate it is.
    struct Subject: Sendable, Hashable, Comparable {
        var kind: String
        var step: String
        var model: String

        static func < (left: Self, right: Self) -> Bool {
            (left.kind, left.step, left.model) < (right.kind, right.step, right.model)
        }
    }
    var subject: Subject
    /// When the call was granted, by the database's clock.
    var startedAt: Double
    var estimate: Double?
    var actual: Double?
    var requests: ReportedLimits.Bucket?
    var cost: ReportedLimits.Bucket?
    /// All that the pool had granted up to the call, itself included.
    var granted = LearnedLimits.Granted()
    /// Whether the limits look like buckets that refill evenly; nil when that cannot be told.
    var refillsEvenly: Bool?

    var model: String { subject.model }
}

extension Engine {
    /// Reports taken in by one claim: more than a busy minute has.
    private static let reportsMax = 1000

    /// Appends what a call has told, in the transaction that ends its step. Locks nothing.
    func report(
        _ step: ClaimedStep, actual: Double?, at now: Double, in transaction: borrowing Transaction
    ) throws {
        guard pools.isLimited(step.pool) else { return }
        let limits = step.limits
        let isLesson = step.job.estimate != nil && actual != nil
        guard isLesson || limits?.requests != nil || limits?.cost != nil else { return }
        let evenly = limits?.cost?.refillsEvenly ?? limits?.requests?.refillsEvenly
        try transaction.executeLater(
            """
            insert into pool_reports (
                pool_id, at, started_at, kind, step, model, estimate, actual, req_limit, req_left, req_granted,
                cost_limit, cost_left, cost_granted, is_bucket)
            values (\(step.pool), \(now), \(step.start), \(step.job.kind.rawValue), \(step.job.step),
                    \(model(of: step.job)), \(isLesson ? step.job.estimate : nil), \(isLesson ? actual : nil),
                    \(limits?.requests?.limit), \(limits?.requests?.remaining), \(step.granted.requests),
                    \(limits?.cost?.limit), \(limits?.cost?.remaining), \(step.granted.cost), \(evenly))
            """)
    }

    /// Takes in what calls have told since the last claim, the pool's row being held.
    /// - Returns: whether there was anything.
    func takeInReports(on pool: inout PoolState, at now: Double, in transaction: borrowing Transaction) throws -> Bool {
        var reports: [(id: Int64, report: PoolReport)] = []
        try transaction.forEach(
            """
            delete from pool_reports
             where id in (select id from pool_reports where pool_id = \(pool.id) order by pool_id, id
                           limit \(Self.reportsMax))
            returning \(PoolReport.columns), id
            """
        ) { row in reports.append((try row[14], try PoolReport(row))) }
        guard !reports.isEmpty else { return false }
        reports.sort { $0.id < $1.id }
        pool.learn { learned, permits in
            for (_, report) in reports { learned.hear(report, delaying: &permits, at: now) }
        }
        try learnEstimates(from: reports.map(\.report), of: pool.id, at: now, in: transaction)
        return true
    }

    /// The model that a step's calls go to, as its policy says; empty when it does not say.
    func model(of job: JobRow) -> String { workflows.known(job.kind)?.policy(job.step).model ?? "" }
}

extension PoolReport: RowDecodable {
    static let columns: SQL = """
        kind, step, model, started_at, estimate, actual, req_limit, req_left, req_granted, cost_limit, cost_left,
        cost_granted, is_bucket, at
        """

    init(_ row: borrowing Row) throws {
        subject = try Subject(kind: row[0], step: row[1], model: row[2])
        startedAt = try row[3]
        estimate = try row[4]
        actual = try row[5]
        requests = try ReportedLimits.Bucket(limit: row[6], remaining: row[7])
        granted = try LearnedLimits.Granted(requests: row[8], cost: row[11])
        cost = try ReportedLimits.Bucket(limit: row[9], remaining: row[10])
        refillsEvenly = try (row[12] as Int?).map { $0 == 1 }
    }
}
