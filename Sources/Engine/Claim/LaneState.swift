import Database

/// A lane's row as a claim reads it.
struct LaneState: Sendable {
    let id: LaneID
    let tenant: TenantID
    var turn: Double
    let weight: Double
    let running: Int
    let cap: Int?
    var rate: Permits.Dimension?
    /// Where the row lies, see ``LanePlace``; the claim holds it.
    var place = LanePlace()
}

extension LaneState: RowDecodable {
    static let columns: SQL = "id, tenant_id, vt, weight, running, cap, rate, burst, tat, \(LanePlace.column)"

    init(_ row: borrowing Row) throws {
        id = try row[0]
        tenant = try row[1]
        turn = try row[2]
        weight = try row[3]
        running = try row[4]
        cap = try row[5]
        rate = try Permits.Dimension(rate: row[6], burst: row[7], arrival: row[8])
        place = try LanePlace(text: row[9])
    }
}

/// A ready job at the head of a lane.
struct LaneHead: Sendable {
    let id: JobID
    let lane: LaneID
    let rank: Int
    let cost: Double
    let priority: Int

    /// Later steps first, then interactive before bulk, then the older job.
    static func precedes(_ left: Self, _ right: Self) -> Bool {
        (-left.rank, left.priority, left.id.rawValue) < (-right.rank, right.priority, right.id.rawValue)
    }
}

extension LaneHead: RowDecodable {
    static let columns: SQL = "id, lane_id, rank, cost, priority"

    init(_ row: borrowing Row) throws {
        id = try row[0]
        lane = try row[1]
        rank = try row[2]
        cost = try row[3]
        priority = try row[4]
    }
}
