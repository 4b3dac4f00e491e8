import Database

/// One job of many that are enqueued together.
public struct Submission<Input: Codable & Sendable>: Sendable {
    public var input: Input
    public var tenant: TenantID
    /// Smaller goes first within the tenant; 0 is interactive.
    public var priority: Int
    /// From ``Engine/newJobID(at:)``, for a product that stores its own row under it; nil takes a new one.
    public var id: JobID?
    public init(_ input: Input, for tenant: TenantID, priority: Int = 0, id: JobID? = nil) {
        self.input = input
        self.tenant = tenant
        self.priority = priority
        self.id = id
    }
}

extension Engine {
    /// Puts many jobs of one kind into the queue, in the caller's transaction: all of them or none.
    ///
    /// For jobs without a unique key that start in a lane at once; their rows travel together. A thousand a
    /// transaction is a good size.
    /// - Parameter projects: false when the product has stored its own rows as they are to be, and need not be told.
    /// - Parameter now: as the transaction has read its clock; nil reads it anew.
    /// - Throws: as ``enqueue(_:as:for:id:priority:uniqueKey:notBefore:in:waking:)``.
    @discardableResult
    public func enqueue<W: Workflow>(
        _ submissions: [Submission<W.Input>], as workflow: W.Type, projecting projects: Bool = true,
        at now: Double? = nil, in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws -> [JobID] {
        guard !submissions.isEmpty else { return [] }
        let now = try now ?? transaction.now()
        estimates.note(now)
        try requireRoom(for: submissions.count, reservedUntil: wakes, at: now, in: transaction)
        let plan = try workflows.workflow(W.kind)
        var rows: [[SQLValue]] = []
        var events: [EventRow] = []
        var arrivals: [LaneID: Arrival] = [:]
        let jobs = try submissions.map { submission in
            JobRow(
                id: submission.id ?? self.ids.next(at: now), tenant: submission.tenant, kind: W.kind,
                priority: submission.priority, createdAt: now, input: try json(of: submission.input))
        }
        for (job, move) in zip(jobs, try firstMoves(of: jobs, by: plan, in: transaction)) {
            rememberLane(of: job.tenant, in: move, whenCommitted: wakes)
            let standing = Standing(move, now: now)
            rows.append(insertedRow(job, standing, now: now))
            events.append(EventRow(job: job.id, at: now, kind: .enqueued))
            if case .succeed = move { events.append(EventRow(job: job.id, at: now, kind: .succeeded)) }
            if case .run(let place) = move { arrivals[place.lane, default: Arrival()].add(place.cost) }
            if projects { try plan.project(move.transition(History()), job, transaction) }
        }
        try transaction.insert(rows, into: "jobs (\(Self.insertedColumns))")
        try append(events, in: transaction)
        try arriveInTime(arrivals, in: transaction, waking: wakes)
        wakes.timers()
        wakes.events()
        return jobs.map(\.id)
    }

    /// A first move may make a lane, and whoever makes the same one waits for this transaction: everybody makes them in
    /// the order of tenants, so that no two wait for each other.
    private func firstMoves(
        of jobs: [JobRow], by plan: AnyWorkflow, in transaction: borrowing Transaction
    ) throws -> [Move] {
        let moves = try jobs.enumerated().sorted { ($0.element.tenant, $0.offset) < ($1.element.tenant, $1.offset) }
            .map { place, job in
                let move = try resolve(plan.next(job, History(), .enqueued), of: job, in: transaction)
                if case .fail(let failure) = move { throw failure }
                return (place, move)
            }
        return moves.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
