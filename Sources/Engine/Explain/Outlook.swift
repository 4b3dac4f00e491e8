import Database

/// The lanes of one pool as a forecast sees them: the same rows, the same order, the same rates as a claim's.
struct Outlook: Sendable {
    struct Lane: Sendable, RowDecodable {
        static let columns: SQL =
            "id, vt, weight, backlog_count, backlog_cost, running, cap, parked, held, resume_at, rate"
        let id: LaneID
        let turn: Double
        let weight: Double
        private(set) var count: Int
        private(set) var cost: Double
        private(set) var running: Int
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

        /// Adds what no claim has folded in yet.
        mutating func add(_ delta: LaneDelta) {
            count = max(0, count + delta.count)
            cost = max(0, cost + delta.cost)
            running += delta.running
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
    /// How far ahead a claim grants.
    let horizon: Duration

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
        let pause = max(0, pool.permits.pauseUntil - now)
        // As a claim would reckon, had it granted all of that: an idle pool begins with a burst.
        func wait(_ dimension: Permits.Dimension?, _ amount: Double) -> Double {
            guard let dimension else { return pause }
            let begin = max(dimension.arrival, now + pause) - now
            return begin + (amount - dimension.burst) / dimension.rate
        }
        let byRequests = wait(pool.permits.requests, ahead.count + 1)
        let byCost = wait(pool.permits.cost, ahead.cost + cost)
        return .milliseconds(max(pause, byRequests, byCost))
    }

    /// The dimension that a step of this cost has to wait for, if any.
    func binding(_ cost: Double) -> WaitingReason? {
        var requestsOnly = pool.permits
        requestsOnly.cost = nil
        var costOnly = pool.permits
        costOnly.requests = nil
        let byRequests = requestsOnly.start(costing: cost, at: now)
        let byCost = costOnly.start(costing: cost, at: now)
        guard max(byRequests, byCost) > now + horizon.milliseconds else { return nil }
        return byCost >= byRequests ? .providerTokens : .providerRequests
    }
}
