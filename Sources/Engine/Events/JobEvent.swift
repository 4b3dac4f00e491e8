import Database

/// Something that happened to a job; the timeline that people see.
public struct JobEvent: Sendable, RowDecodable {
    public enum Kind: String, Sendable, CaseIterable {
        case enqueued, started, recorded, waiting, woken, retrying, refused, absorbed, released, rescued, rerouted
        case succeeded, failed, cancelled, retried
    }
    /// Ascending within a job; over all jobs a smaller one may commit after a larger one.
    public let id: Int64
    public let job: JobID
    /// Milliseconds since 1970.
    public let at: Double
    /// Nil when a newer version wrote a kind that this one does not know.
    public let kind: Kind?
    public let step: String?
    /// A code, a signal's name or a worker, by kind; safe to show.
    public let detail: String?

    static let columns: SQL = "id, job_id, at, kind, step, detail"

    public init(_ row: borrowing Row) throws {
        id = try row[0]
        job = try row[1]
        at = try Double(row[2] as Int64)
        kind = try Kind(rawValue: row[3])
        step = try row[4]
        detail = try row[5]
    }
}

/// An event that is about to be appended.
struct EventRow: Sendable {
    var job: JobID
    var at: Double
    var kind: JobEvent.Kind
    var step: String?
    var detail: String?

    var row: [SQLValue] { .row(job, Int64(at), kind.rawValue, step, detail) }
}

extension Engine {
    func append(_ events: [EventRow], in transaction: borrowing Transaction) throws {
        try transaction.insert(events.map(\.row), into: "job_events (job_id, at, kind, step, detail)")
    }

    func appendEvent(
        _ kind: JobEvent.Kind, to job: JobID, at now: Double, step: String? = nil, detail: String? = nil,
        in transaction: borrowing Transaction
    ) throws {
        try transaction.executeLater(
            """
            insert into job_events (job_id, at, kind, step, detail)
            values (\(job), \(Int64(now)), \(kind.rawValue), \(step), \(detail))
            """)
    }

    /// A job's timeline, oldest first.
    /// - Parameter after: the id of the last event already seen; 0 for all.
    public func events(of job: JobID, after: Int64 = 0, limit: Int = 500) async throws -> [JobEvent] {
        try await database.read { transaction in
            try transaction.all(
                """
                select \(JobEvent.columns) from job_events
                 where job_id = \(job) and id > \(after) order by id limit \(limit)
                """)
        }
    }

    /// Events of all jobs, oldest first. Ids of different jobs may commit out of order: a reader that follows asks
    /// again from a little before the last id it saw, and drops what it has seen.
    public func eventsOfAllTenants(after: Int64, limit: Int = 500) async throws -> [JobEvent] {
        try await database.read { transaction in
            try transaction.all(
                "select \(JobEvent.columns) from job_events where id > \(after) order by id limit \(limit)")
        }
    }

    /// The newest event's id; 0 when there is none.
    public func latestEventID() async throws -> Int64 {
        try await database.read { try $0.value("select coalesce(max(id), 0) from job_events") ?? 0 }
    }
}
