import Database

/// Whether the queue takes more, by the same counters that a submission is judged by.
public struct Admission: Sendable {
    /// Jobs that have not begun.
    public let queueSize: Int
    public let limit: Int
    /// Until everything now queued has begun, at the pace that the pools allow.
    public let estimatedWait: Duration
    public var isFull: Bool { queueSize >= limit }
    /// When to come again; nil while the queue takes more.
    public var retryAfter: Duration? { isFull ? shortestWait : nil }

    /// The longest time after which somebody who was refused is told to come again.
    public static let longestPause = Duration.seconds(300)

    /// A tenth of the queue, within reason.
    var shortestWait: Duration { min(max(estimatedWait / 10, .seconds(5)), Self.longestPause) }
}

extension Engine {
    /// Ready jobs over all pools, from the lanes' counters and the deltas not yet folded: never a count of jobs.
    public func queueSize() async throws -> Int { try await database.read { try queueSize(in: $0) } }

    public func admission() async throws -> Admission { try await database.read { try admission(in: $0) } }

    public func admission(in transaction: borrowing Transaction) throws -> Admission {
        let size = try queueSize(in: transaction)
        let waits = try pools.all.map { try drainTime(of: $0, in: transaction) }
        return Admission(queueSize: size, limit: limits.queueSizeMax, estimatedWait: waits.max() ?? .zero)
    }

    /// Refuses a submission that the queue has no room for: among the submissions of one process not one too many gets in.
    /// One that comes in the moment between another's commit and its settlement may count that one twice, and be refused
    /// a last place.
    ///
    /// - Parameter wakes: holds the places until its transaction has ended.
    /// - Throws: ``EngineError/queueFull(size:retryAfter:)``.
    func requireRoom(
        for count: Int = 1, reservedUntil wakes: Wakes, at now: Double, in transaction: borrowing Transaction
    ) throws {
        func admit() -> Bool {
            gauge.admit(count, limit: limits.queueSizeMax, at: now)
        }
        if !admit() {
            let mark = gauge.mark
            // What this transaction has itself put into the queue is in its view of the tables and reserved as well.
            try gauge.read(queueSize(in: transaction) - wakes.reservedAndTold, since: mark, at: now)
            guard admit() else {
                let admission = try admission(in: transaction)
                throw EngineError.queueFull(size: admission.queueSize, retryAfter: admission.shortestWait)
            }
        }
        wakes.reserve(count, in: gauge)
    }

    func queueSize(in transaction: borrowing Transaction) throws -> Int {
        try transaction.value(
            """
            select cast((select coalesce(sum(backlog_count), 0) from lanes where has_work = 1 or backlog_count <> 0)
                      + (select coalesce(sum(n), 0) from lane_deltas) as bigint)
            """) ?? 0
    }

    /// How long the backlog of a pool keeps it busy, at the limits that it has learned.
    private func drainTime(of pool: PoolDirectory.Entry, in transaction: borrowing Transaction) throws -> Duration {
        guard pool.definition.requestsPerMinute != nil || pool.definition.costPerMinute != nil else { return .zero }
        let now = try transaction.now()
        guard let permits = try stateToShow(of: pool.id, at: now, in: transaction)?.permits else { return .zero }
        let backlog: Backlog? = try transaction.one(
            """
            select cast(coalesce(sum(n), 0) as bigint), coalesce(sum(cost), 0.0) from (
                select backlog_count as n, backlog_cost as cost from lanes where pool_id = \(pool.id) and has_work = 1
                union all
                select n, cost from lane_deltas where pool_id = \(pool.id)) as backlog
            """)
        guard let backlog else { return .zero }
        let trail = backlog.cost > 0 ? try trailOfLast(in: pool.id, in: transaction) : Outlook.Trail()
        let byRequests = permits.requests.map { Double(backlog.count) * trail.count / $0.rate } ?? 0
        let byCost = permits.cost.map { backlog.cost * trail.cost / $0.rate } ?? 0
        // By whole milliseconds: the stored rates are fractions.
        return .milliseconds(max(byRequests, byCost).rounded() + max(0, permits.pauseUntil - now).rounded())
    }

    /// What comes back to the pool with the last job of the longest lane: it stands for the queue, most of which has its
    /// way before it.
    private func trailOfLast(in pool: PoolID, in transaction: borrowing Transaction) throws -> Outlook.Trail {
        let lane: LaneID? = try transaction.value(
            """
            select id from lanes where pool_id = \(pool) and has_work = 1 order by backlog_cost desc, id limit 1
            """)
        guard let lane else { return Outlook.Trail() }
        let last: JobRow? = try transaction.one(
            """
            select \(JobRow.columns) from jobs where lane_id = \(lane) and state = 0
             order by rank, priority desc, id desc limit 1
            """)
        return last.map { trail(of: $0, in: pool) } ?? Outlook.Trail()
    }
}

private struct Backlog: RowDecodable {
    let count: Int
    let cost: Double
    init(_ row: borrowing Row) throws {
        count = try row[0]
        cost = try row[1]
    }
}
