import Database

/// A pool's row as a claim reads it. Times are milliseconds, rates per millisecond.
struct PoolState: Sendable, RowDecodable {
    static let columns: SQL = """
        id, limited, req_rate, req_burst, cost_rate, cost_burst, req_tat, cost_tat, pause_until, held, cap, running, vt,
        vt_at, credit, circuit, circuit_retry_at
        """
    let id: PoolID
    let isLimited: Bool
    var permits: Permits
    let isHeld: Bool
    var cap: Int?
    var running: Int
    var turn: Double
    let turnAt: Double
    let credit: Double
    /// While it is open, the permits' pause is its pause as well.
    let circuit: CircuitState

    init(_ row: borrowing Row) throws {
        circuit = try CircuitState(rawValue: row[15]) ?? .closed
        let retryAt: Double = try circuit == .open ? row[16] : 0
        id = try row[0]
        isLimited = try row[1]
        permits = try Permits(
            requests: Permits.Dimension(rate: row[2], burst: row[3], arrival: row[6]),
            cost: Permits.Dimension(rate: row[4], burst: row[5], arrival: row[7]),
            pauseUntil: max(row[8], retryAt))
        isHeld = try row[9]
        cap = try row[10]
        running = try row[11]
        turn = try row[12]
        turnAt = try Double(row[13] as Int64)
        credit = try row[14]
    }
}
