import Database

/// One job of many that are enqueued together.
public struct Submission<Input: Codable & Sendable>: Sendable {
    public var input: Input
    public var tenant: TenantID
    /// Smaller goes first within the tenant; 0 is interactive.
    public var priority: Int
    public init(_ input: Input, for tenant: TenantID, priority: Int = 0) {
        self.input = input
        self.tenant = tenant
        self.priority = priority
    }
}

extension Engine {
    /// Puts many jobs of one kind into the queue, in the caller's transaction: all of them or none.
    ///
    /// For jobs without a unique key that start in a lane at once; their rows travel together. A thousand a
    /// transaction is a good size.
    /// - Throws: as ``enqueue(_:as:for:id:priority:uniqueKey:notBefore:in:waking:)``.
    @discardableResult
    public func enqueue<W: Workflow>(
        _ submissions: [Submission<W.Input>], as workflow: W.Type, in transaction: borrowing Transaction,
        waking wakes: Wakes
    ) throws -> [JobID] {
        guard !submissions.isEmpty else { return [] }
        let now = try transaction.now()
        estimates.note(now)
        try requireRoom(for: submissions.count, reservedUntil: wakes, at: now, in: transaction)
        let plan = try workflows.workflow(W.kind)
        var rows: [[SQLValue]] = []
        var events: [EventRow] = []
        var arrivals: [LaneID: Arrival] = [:]
        var ids: [JobID] = []
        for submission in submissions {
            let job = JobRow(
                id: self.ids.next(at: now), tenant: submission.tenant, kind: W.kind, priority: submission.priority,
                createdAt: now, input: try json(of: submission.input))
            let move = try resolve(plan.next(job, History(), .enqueued), of: job, in: transaction)
            if case .fail(let failure) = move { throw failure }
            rememberLane(of: submission.tenant, in: move, whenCommitted: wakes)
            let standing = Standing(move, now: now)
            rows.append(insertedRow(job, standing, now: now))
            events.append(EventRow(job: job.id, at: now, kind: .enqueued))
            if case .succeed = move { events.append(EventRow(job: job.id, at: now, kind: .succeeded)) }
            if case .run(let place) = move { arrivals[place.lane, default: Arrival()].add(place.cost) }
            ids.append(job.id)
            try plan.project(move.transition(History()), job, transaction)
        }
        try transaction.insert(rows, into: "jobs (\(Self.insertedColumns))")
        try append(events, in: transaction)
        try arrive(arrivals, in: transaction, waking: wakes)
        wakes.timers()
        wakes.events()
        return ids
    }
}
