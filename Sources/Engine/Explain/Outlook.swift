import Database

/// The lanes of one pool as a forecast sees them: the same rows, the same order, the same rates as a claim's.
struct Outlook: Sendable {
    struct Lane: Sendable, RowDecodable {
        /// With what has been appended to `lane_deltas` and no claim has folded in yet, as `d`: right after a great
        /// submission that is most of it.
        static let columns: SQL = """
            l.id, l.vt, l.weight, l.backlog_count + coalesce(d.n, 0), l.backlog_cost + coalesce(d.cost, 0.0),
            l.running + coalesce(d.running, 0), l.cap, l.parked, l.held, l.resume_at, l.rate
            """
        let id: LaneID
        let turn: Double
        let weight: Double
        let count: Int
        let cost: Double
        let running: Int
        let cap: Int?
        let parked: Int
        let isHeld: Bool
        let resumeAt: Double
        /// Its own starts a millisecond.
        let rate: Double?

        init(_ row: borrowing Row) throws {
            id = try row[0]
            turn = try row[1]
            weight = try row[2]
            count = try max(0, row[3])
            cost = try max(0, row[4])
            running = try row[5]
            cap = try row[6]
            parked = try row[7]
            isHeld = try row[8]
            resumeAt = try Double(row[9] as Int64)
            rate = try row[10]
        }

        /// How long its own rate keeps it from starting what stands behind `count` others of its own.
        func ownWait(behind count: Int, at now: Double) -> Duration {
            guard let rate else { return .zero }
            return .milliseconds((parked == 1 ? max(0, resumeAt - now) : 0) + Double(count) / rate)
        }
    }

    let pool: PoolState
    /// Nil while it is closed.
    let circuit: CircuitBreaker?
    let lanes: [Lane]
    let now: Double

    /// What stands before a job whose lane holds `own` ahead of it.
    struct Ahead: Sendable, Equatable {
        var count = 0.0
        var cost = 0.0
        /// The part of it that belongs to other tenants.
        var othersCost = 0.0
    }

    /// - Parameter trail: what comes back to the pool with each job that stands in line; see ``Trail``.
    func ahead(in lane: Lane, own: Arrival, trail: Trail = Trail()) -> Ahead {
        let ownCost = own.cost * trail.cost
        let tag = lane.turn + ownCost / lane.weight
        var ahead = Ahead(count: Double(own.count) * trail.count, cost: ownCost)
        for other in lanes where other.id != lane.id && other.cost > 0 && !other.isHeld && other.parked == 0 {
            let whole = other.cost * trail.cost
            let share = min(whole, max(0, (tag - other.turn) * other.weight))
            ahead.cost += share
            ahead.othersCost += share
            ahead.count += Double(other.count) * trail.count * share / whole
        }
        return ahead
    }

    /// What the steps of a job's way that draw on its pool cost together, as a multiple of the next one: an article comes
    /// back to the pool in which its ideas stand now, and goes before other ideas then.
    ///
    /// Taken from the way of the job that is asked about, for those before it as well: they are mostly its like, and their
    /// own ways would have to be read job by job.
    struct Trail: Sendable, Equatable {
        var count = 1.0
        var cost = 1.0

        init() {}

        /// - Parameter legs: of the way, those in the pool, the next one first.
        init(_ legs: [Leg]) {
            guard let first = legs.first?.cost, first > 0 else { return }
            count = Double(legs.count)
            cost = legs.map(\.cost).reduce(0, +) / first
        }
    }

    /// How long until what stands ahead has been granted and a step of this cost may start.
    func start(behind ahead: Ahead, cost: Double) -> Duration {
        var wait = max(0, pool.permits.start(costing: cost, at: now) - now)
        if let requests = pool.permits.requests { wait = max(wait, wait + ahead.count / requests.rate) }
        var byCost = max(0, pool.permits.start(costing: cost, at: now) - now)
        if let dimension = pool.permits.cost { byCost += ahead.cost / dimension.rate }
        return .milliseconds(max(wait, byCost))
    }

    /// The dimension that a step of this cost has to wait for, if any.
    func binding(_ cost: Double) -> WaitingReason? {
        let horizon = now + Engine.horizon.milliseconds
        var requestsOnly = pool.permits
        requestsOnly.cost = nil
        var costOnly = pool.permits
        costOnly.requests = nil
        let byRequests = requestsOnly.start(costing: cost, at: now)
        let byCost = costOnly.start(costing: cost, at: now)
        guard max(byRequests, byCost) > horizon else { return nil }
        return byCost >= byRequests ? .providerTokens : .providerRequests
    }
}
