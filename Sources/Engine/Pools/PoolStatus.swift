import Database

/// A pool as operators and the rate-limiter routes see it, for the whole cluster.
public struct PoolStatus: Sendable {
    public let name: PoolName
    /// Ready jobs that draw on it, and their cost.
    public let queueLength: Int
    public let queueCost: Double
    public let running: Int
    public let concurrency: Int?
    /// Started in the minute that ends now.
    public let requestsInLastMinute: Int
    public let costInLastMinute: Double
    public let requestsPerMinuteMax: Double?
    public let costPerMinuteMax: Double?
    /// Whether the provider is taken to be there.
    public let circuit: CircuitState
    /// What is left of the pause that the provider asked for, or until it is tried again.
    public let pausedFor: Duration?
    /// People's pause.
    public let isHeld: Bool
    /// Why nobody tries it again before a day ends or a person acts.
    public let stop: PoolStop?
    /// What is in flight, by its estimates.
    public let reservedCost: Double
    /// Taken at the provider, by steps and by orders that outlast them.
    public let placesTaken: Int
    public let learned: PoolLearning

    /// 0…1 and above; nil when the dimension is free.
    public var requestUse: Double? { requestsPerMinuteMax.map { Double(requestsInLastMinute) / $0 } }
    public var costUse: Double? { costPerMinuteMax.map { costInLastMinute / $0 } }
}

extension Engine {
    public func poolStatus() async throws -> [PoolStatus] {
        try await database.read { transaction in try self.pools.all.map { try self.status(of: $0, in: transaction) } }
    }

    private func status(of pool: PoolDirectory.Entry, in transaction: borrowing Transaction) throws -> PoolStatus {
        let now = try transaction.now()
        let minuteAgo = Int64(now - 60_000)
        let state = try stateToShow(of: pool.id, at: now, in: transaction)
        let lanes = try transaction.one(
            """
            select cast(coalesce(sum(backlog_count), 0) as bigint), coalesce(sum(backlog_cost), 0.0),
                   cast(coalesce(sum(running), 0) as bigint)
              from lanes where pool_id = \(pool.id) and (has_work = 1 or running <> 0 or backlog_count <> 0)
            """, as: Sums.self)
        let deltas = try transaction.one(
            """
            select cast(coalesce(sum(n), 0) as bigint), coalesce(sum(cost), 0.0),
                   cast(coalesce(sum(running), 0) as bigint)
              from lane_deltas where pool_id = \(pool.id)
            """, as: Sums.self)
        // What ended within the minute, and what still runs; a step that began earlier counts where it began.
        let ended = try transaction.one(
            """
            select cast(count(*) as bigint), coalesce(sum(s.cost), 0.0), cast(0 as bigint)
              from steps s where s.ended_at >= \(minuteAgo) and s.started_at >= \(minuteAgo) and s.pool_id = \(pool.id)
            """, as: Sums.self)
        let active = try transaction.one(
            """
            select cast(count(*) as bigint), coalesce(sum(j.cost), 0.0), cast(0 as bigint)
              from jobs j join lanes l on l.id = j.lane_id where j.state = 1 and l.pool_id = \(pool.id)
            """, as: Sums.self)
        let pause = (state?.permits.pauseUntil ?? 0) - now
        return PoolStatus(
            name: pool.definition.name, queueLength: max(0, (lanes?.count ?? 0) + (deltas?.count ?? 0)),
            queueCost: max(0, (lanes?.cost ?? 0) + (deltas?.cost ?? 0)),
            running: max(0, (lanes?.running ?? 0) + (deltas?.running ?? 0)), concurrency: state?.cap,
            requestsInLastMinute: (ended?.count ?? 0) + (active?.count ?? 0),
            costInLastMinute: (ended?.cost ?? 0) + (active?.cost ?? 0),
            requestsPerMinuteMax: state?.permits.requests?.perMinute,
            costPerMinuteMax: state?.permits.cost?.perMinute,
            circuit: state?.circuit ?? .closed, pausedFor: pause > 0 ? .milliseconds(pause) : nil,
            isHeld: state?.isHeld ?? false, stop: state?.stop.flatMap { $0.holds(at: now) ? $0 : nil },
            reservedCost: active?.cost ?? 0, placesTaken: state?.taken ?? 0,
            learned: try PoolLearning(pool.definition, state, estimates: storedRatios(of: pool.id, in: transaction)))
    }
}

private struct Sums: RowDecodable {
    let count: Int
    let cost: Double
    let running: Int
    init(_ row: borrowing Row) throws {
        count = try row[0]
        cost = try row[1]
        running = try row[2]
    }
}

extension Permits.Dimension {
    /// As an operator wrote it: the stored rate is a fraction, and a product of fractions is not quite whole.
    var perMinute: Double { (rate * 60_000 * 1_000_000).rounded() / 1_000_000 }
}
