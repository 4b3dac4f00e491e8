import Database

extension Engine {
    /// A new job's id, for a product that stores its own row before it enqueues.
    public func newJobID(in transaction: borrowing Transaction) throws -> JobID { newJobID(at: try transaction.now()) }

    /// - Parameter now: as a transaction has read its clock.
    public func newJobID(at now: Double) -> JobID { ids.next(at: now) }

    /// Puts a job into the queue, in the caller's transaction: it exists when, and only when, that commits.
    ///
    /// - Parameter priority: smaller goes first within the tenant; 0 is interactive, bulk work has more.
    /// - Parameter uniqueKey: at most one active job of the tenant holds it.
    /// - Parameter notBefore: milliseconds since 1970; nil for at once.
    /// - Throws: ``EngineError/duplicate(of:)``, ``EngineError/queueFull(size:retryAfter:)``,
    ///   ``EngineError/inputTooLarge(bytes:max:)``, or what the workflow's plan throws; nothing is then written.
    @discardableResult
    public func enqueue<W: Workflow>(
        _ input: W.Input, as workflow: W.Type, for tenant: TenantID, id: JobID? = nil, priority: Int = 0,
        uniqueKey: String? = nil, notBefore: Double? = nil, in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws -> JobID {
        let json = try json(of: input)
        let now = try transaction.now()
        estimates.note(now)
        try requireRoom(reservedUntil: wakes, at: now, in: transaction)
        let id = id ?? ids.next(at: now)
        let job = JobRow(
            id: id, tenant: tenant, kind: W.kind, priority: priority, createdAt: now, input: json, uniqueKey: uniqueKey)
        let plan = try workflows.workflow(W.kind)
        let move = try resolve(
            plan.next(job, History(), .enqueued), of: job, in: transaction)
        if case .fail(let failure) = move { throw failure }
        rememberLane(of: tenant, in: move, whenCommitted: wakes)
        try insert(job, move: move, notBefore: notBefore, now: now, in: transaction)
        try plan.project(move.transition(History()), job, transaction)
        try appendEvent(.enqueued, to: id, at: now, in: transaction)
        if case .succeed = move { try appendEvent(.succeeded, to: id, at: now, in: transaction) }
        if case .run(let place) = move, notBefore == nil {
            try arriveInTime([place.lane: Arrival(count: 1, cost: place.cost)], in: transaction, waking: wakes)
        } else {
            wakes.timers()
        }
        wakes.events()
        return id
    }

    /// Runs a body that enqueues many jobs of many tenants one by one, and tells their lanes at its end: each lane once, in
    /// the order in which everybody locks them.
    public func gathering<Result>(
        in transaction: borrowing Transaction, waking wakes: Wakes, _ body: (borrowing Transaction) throws -> Result
    ) throws -> Result {
        wakes.gatherArrivals()
        let result = try body(transaction)
        try arrive(wakes.takeArrivals(), in: transaction, waking: wakes)
        return result
    }

    /// Tells the lanes now, or at the end of ``gathering(in:waking:_:)``.
    func arriveInTime(
        _ arrivals: [LaneID: Arrival], in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws {
        if !wakes.gather(arrivals) { try arrive(arrivals, in: transaction, waking: wakes) }
    }

    /// The next job of the tenant then need not look its lane up.
    func rememberLane(of tenant: TenantID, in move: Move, whenCommitted wakes: Wakes) {
        guard case .run(let place) = move, lanes.lane(of: tenant, in: place.pool) == nil else { return }
        wakes.afterCommit { [lanes] in lanes.remember(place.lane, of: tenant, in: place.pool) }
    }

    /// - Throws: ``EngineError/inputTooLarge(bytes:max:)``.
    func json(of input: some Encodable) throws -> String {
        let json = try Recording.encode(input)
        guard json.utf8.count <= limits.inputBytesMax else {
            throw EngineError.inputTooLarge(bytes: json.utf8.count, max: limits.inputBytesMax)
        }
        return json
    }

    static let insertedColumns: SQL = """
        id, tenant_id, kind, unique_key, state, lane_id, step, round, rank, cost, estimate, priority, run_at, wait_for, wakes, input,
        created_at, since_at, ended_at
        """

    func insertedRow(_ job: JobRow, _ standing: Standing, now: Double) -> [SQLValue] {
        let endedAt: Int64? = standing.state.isActive ? nil : Int64(now)
        return .row(
            job.id, job.tenant, job.kind.rawValue, job.uniqueKey, standing.state, standing.lane, standing.step,
            standing.round, standing.rank, standing.cost, standing.estimate, job.priority, standing.runAt,
            standing.waitFor, standing.wakes, job.input, Int64(now), Int64(now), endedAt)
    }

    func activeJob(of tenant: TenantID, uniqueKey: String, in transaction: borrowing Transaction) throws -> JobID? {
        try transaction.value(
            "select id from jobs where tenant_id = \(tenant) and unique_key = \(uniqueKey) and state < 3")
    }

    /// Two submissions at once: the insert of the second waits here until the first has ended, and inserts nothing if
    /// it committed. Its id is then there to be read, unless that job has ended meanwhile: then there is room again.
    private func insert(
        _ job: JobRow, move: Move, notBefore: Double?, now: Double, in transaction: borrowing Transaction
    ) throws {
        let row = insertedRow(job, Standing(move, notBefore: notBefore, now: now), now: now)
        guard job.uniqueKey != nil else {
            return try transaction.executeLater("insert into jobs (\(Self.insertedColumns)) values (\(list: row))")
        }
        for _ in 0..<10 {
            let inserted = try transaction.execute(
                """
                insert into jobs (\(Self.insertedColumns)) values (\(list: row))
                on conflict (tenant_id, unique_key) where unique_key is not null and state < 3 do nothing
                """)
            if inserted == 1 { return }
            if let key = job.uniqueKey, let other = try activeJob(of: job.tenant, uniqueKey: key, in: transaction) {
                throw EngineError.duplicate(of: other)
            }
        }
        throw EngineError.duplicate(of: job.id)
    }
}
