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

    /// What stands before a job whose lane holds `own` ahead of it.
    struct Ahead: Sendable, Equatable {
        var count = 0.0
        var cost = 0.0
        /// The part of it that belongs to other tenants.
        var othersCost = 0.0
    }

    func ahead(in lane: Lane, own: Arrival) -> Ahead {
        let tag = lane.turn + own.cost / lane.weight
        var ahead = Ahead(count: Double(own.count), cost: own.cost)
        for other in lanes where other.id != lane.id && other.cost > 0 && !other.isHeld && other.parked == 0 {
            let share = min(other.cost, max(0, (tag - other.turn) * other.weight))
            ahead.cost += share
            ahead.othersCost += share
            ahead.count += Double(other.count) * share / other.cost
        }
        return ahead
    }

    /// How long until what stands ahead has been granted and a step of this cost may start.
    ///
    /// - Parameter way: what those ahead will draw on the pool in all, over what stands in the queue now.
    func start(behind ahead: Ahead, cost: Double, way: Double = 1) -> Duration {
        let pause = max(0, pool.permits.pauseUntil - now)
        // As a claim would reckon, had it granted all of that: an idle pool begins with a burst.
        func wait(_ dimension: Permits.Dimension?, _ amount: Double) -> Double {
            guard let dimension else { return pause }
            let begin = max(dimension.arrival, now + pause) - now
            return begin + (amount - dimension.burst) / dimension.rate
        }
        let byRequests = wait(pool.permits.requests, ahead.count + 1)
        let byCost = wait(pool.permits.cost, ahead.cost * way + cost)
        return .milliseconds(max(pause, byRequests, byCost))
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
