import Database
import Synchronization

/// A job as the engine reads it to plan: identity, input, and what stands in the lane.
struct JobRow: Sendable {
    var id: JobID
    var tenant: TenantID
    var kind: JobKind
    var priority: Int
    var createdAt: Double
    var input: String
    var uniqueKey: String?
    var state = JobState.ready
    var lane: LaneID?
    var step = ""
    var round = 1
    var cost = 1.0
    /// The plan's own figure for it, where what calls really cost is learned.
    var estimate: Double?
    var attempt = 0
    var fence: Int64 = 0
    var waitFor: String?
    var wakesPlan = false
    /// Milliseconds since 1970; the time of a wait's timer.
    var runAt: Int64?
    /// The input as its workflow reads it, decoded once for all who look at this row and its copies.
    let decoded = DecodedInput()
}

/// Holds what was decoded from a job's input.
final class DecodedInput: Sendable {
    private let value = Mutex<(any Sendable)?>(nil)

    func get<Value: Sendable>(_ decode: () throws -> Value) rethrows -> Value {
        if let known = value.withLock({ $0 }) as? Value { return known }
        let fresh = try decode()
        value.withLock { $0 = fresh }
        return fresh
    }
}

extension JobRow: RowDecodable {
    static let columns: SQL = """
        id, tenant_id, kind, priority, created_at, input, unique_key, state, lane_id, step, round, cost, attempt, fence,
        wait_for, wakes, run_at
        """

    /// What performing and recording need, in the order of ``init(claimed:)``.
    static let claimedColumns: SQL = """
        id, tenant_id, kind, priority, created_at, input, lane_id, step, round, cost, attempt, fence
        """

    init(claimed row: borrowing Row) throws {
        id = try row[0]
        tenant = try row[1]
        kind = try JobKind(rawValue: row[2])
        priority = try row[3]
        createdAt = try Double(row[4] as Int64)
        input = try row[5]
        state = .running
        lane = try row[6]
        step = try row[7]
        round = try row[8]
        cost = try row[9]
        attempt = try row[10]
        fence = try row[11]
    }

    init(_ row: borrowing Row) throws {
        id = try row[0]
        tenant = try row[1]
        kind = try JobKind(rawValue: row[2])
        priority = try row[3]
        createdAt = try Double(row[4] as Int64)
        input = try row[5]
        uniqueKey = try row[6]
        state = try JobState(rawValue: row[7]) ?? .failed
        lane = try row[8]
        step = try row[9]
        round = try row[10]
        cost = try row[11]
        attempt = try row[12]
        fence = try row[13]
        waitFor = try row[14]
        wakesPlan = try row[15]
        runAt = try row[16]
    }

    /// Reads a job and keeps its row locked until the transaction ends.
    static func locked(_ id: JobID, in transaction: borrowing Transaction) throws -> JobRow? {
        try transaction.one("select \(columns) from jobs where id = \(id) \(.lock(.update))")
    }
}
