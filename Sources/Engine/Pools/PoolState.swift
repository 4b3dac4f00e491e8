import Database

/// A pool's row as a claim reads it. Times are milliseconds, rates per millisecond.
struct PoolState: Sendable, RowDecodable {
    static let columns: SQL = """
        id, limited, req_rate, req_burst, cost_rate, cost_burst, req_tat, cost_tat, pause_until, held, cap, running, vt,
        vt_at, credit, circuit, circuit_retry_at, stopped, stopped_at, stopped_until, stopped_cause, place_life,
        place_signal, \(LearnedLimits.columns)
        """
    private static let learnedFrom = 23

    let id: PoolID
    let isLimited: Bool
    /// What may start, by what was configured and what was learned since.
    var permits: Permits
    let isHeld: Bool
    var cap: Int?
    var running: Int
    var turn: Double
    let turnAt: Double
    let credit: Double
    /// While it is open, the permits' pause is its pause as well.
    let circuit: CircuitState
    let stop: PoolStop?
    /// How long a place at the provider may outlast the step that took it; nil when it ends with the step.
    let placeLife: Duration?
    /// Places taken by jobs whose step is over; means something only with a ``placeLife``.
    var placesTaken = 0
    private(set) var learned: LearnedLimits
    /// Something was learned that the row does not say yet.
    private(set) var hasLearned = false
    /// Requests and cost as configured.
    private let configured: (requests: Double?, cost: Double?)

    init(_ row: borrowing Row) throws {
        circuit = try CircuitState(rawValue: row[15]) ?? .closed
        let retryAt: Double = try circuit == .open ? row[16] : 0
        let stop = try PoolStop(kind: row[17], since: row[18], until: row[19], cause: row[20])
        self.stop = stop
        id = try row[0]
        isLimited = try row[1]
        learned = try LearnedLimits(row, from: Self.learnedFrom)
        configured = try (row[2], row[4])
        permits = try Permits(
            requests: Permits.Dimension(rate: row[2], burst: row[3], arrival: row[6]),
            cost: Permits.Dimension(rate: row[4], burst: row[5], arrival: row[7]),
            pauseUntil: max(row[8], retryAt, stop?.until ?? 0))
        isHeld = try row[9]
        cap = try row[10]
        running = try row[11]
        turn = try row[12]
        turnAt = try Double(row[13] as Int64)
        credit = try row[14]
        placeLife = try (row[21] as Int64?).map { .milliseconds(Double($0)) }
        applyLearned()
    }

    /// What keeps the provider busy: steps that run, or places that are still taken. (A pool without limits does not
    /// count what runs.)
    var taken: Int { placeLife == nil ? running : max(running, placesTaken) }

    /// How many more steps its concurrency lets start.
    var room: Int { cap.map { max(0, $0 - taken) } ?? .max }

    /// Takes what was learned into account from now on.
    mutating func learn(_ change: (inout LearnedLimits, inout Permits) -> Void) {
        let before = learned
        change(&learned, &permits)
        hasLearned = hasLearned || learned != before
        applyLearned()
    }

    private mutating func applyLearned() {
        if let rate = configured.requests { permits.requests?.rate = learned.requests(configured: rate) }
        if let rate = configured.cost { permits.cost?.rate = learned.cost(configured: rate) }
    }
}
