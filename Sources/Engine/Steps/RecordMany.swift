import Database

/// A step that is done, cost nothing and brings no rows of its product: it may be recorded together with others.
struct DoneStep: Sendable {
    let step: ClaimedStep
    let recording: Recording
    private(set) var isFirstTry = true

    init(step: ClaimedStep, recording: Recording) {
        self.step = step
        self.recording = recording
    }

    var again: DoneStep {
        var again = self
        again.isFirstTry = false
        return again
    }
}

extension Engine {
    /// Whether a result may wait for others and share their transaction.
    ///
    /// Only where nothing was paid that a crash would lose, and in pools without limits, where nobody waits for the
    /// permit that a record gives back.
    func mayShareRecord(_ step: ClaimedStep, _ recording: Recording, spent: Meter.Usage?) -> Bool {
        spent == nil && recording.rows == nil && !step.isTrial && !pools.isLimited(step.pool)
    }

    /// Writes the results of many steps, each guarded by its fence, as ``record(_:_:spent:absorbed:failpoints:)`` would
    /// one by one.
    ///
    /// Rows that someone else holds are passed over, so that this waits for no job; so are jobs that wait or fail next,
    /// which have more to write.
    /// - Returns: the jobs whose step is recorded. The others are to be recorded one by one: it is there that a lost
    ///   lease is booked.
    func record(
        _ done: [DoneStep], at now: Double, failpoints: Failpoints, in transaction: borrowing Transaction,
        waking wakes: Wakes
    ) throws -> Set<JobID> {
        // In the order of the tables' keys, which is quicker.
        var planned: [PlannedRecord] = []
        for entry in done.sorted(by: { $0.step.job.id < $1.step.job.id }) {
            let job = entry.step.job
            var history = entry.step.history
            history.results.append(StoredResult(step: job.step, round: job.round, json: entry.recording.json))
            let move = try plannedMove(for: job, history: history, because: .recorded, in: transaction)
            planned.append(PlannedRecord(entry: entry, move: move, history: history, isBrief: isBrief(job)))
        }
        let moved = try moveHeld(planned, at: now, in: transaction)
        guard !moved.isEmpty else { return [] }
        var batch = RecordBatch()
        for record in planned where moved.contains(record.job) { batch.add(record, at: now, by: incarnation) }
        try transaction.insert(batch.steps, into: "steps (\(Self.freeStepColumns))")
        try append(batch.events, in: transaction)
        try append(batch.deltas.values.sorted { $0.lane < $1.lane }, in: transaction)
        for record in planned where moved.contains(record.job) {
            let job = record.entry.step.job
            try workflows.workflow(job.kind).project(record.move.transition(record.history), job, transaction)
            try failpoints.pass("\(job.step).beforeCommit")
        }
        try arrive(batch.arrivals, in: transaction, waking: wakes)
        wakes.events()
        return moved
    }

    /// Moves the jobs that are still their worker's, but for those that somebody holds.
    private func moveHeld(
        _ planned: [PlannedRecord], at now: Double, in transaction: borrowing Transaction
    ) throws -> Set<JobID> {
        var moved = try succeedHeld(planned.filter(\.isLast).map(\.entry.step), at: now, in: transaction)
        for record in planned {
            guard case .run = record.move else { continue }
            let count = try transaction.execute(
                """
                update jobs set \(assignments(record.move, attempt: 0, now: now))
                \(Self.lockedRows("id = \(record.job) and \(Self.isHeld(record.entry.step))"))
                """)
            if count == 1 { moved.insert(record.job) }
        }
        return moved
    }

    private func succeedHeld(
        _ steps: [ClaimedStep], at now: Double, in transaction: borrowing Transaction
    ) throws -> Set<JobID> {
        guard !steps.isEmpty else { return [] }
        let change: SQL = "update jobs set \(assignments(.succeed, attempt: 0, now: now))"
        switch transaction.dialect {
        case .sqlite:
            // The fence is the last that `isHeld` binds.
            let shared = change.statement(for: .sqlite).parameters
            let rows = steps.map { shared + [$0.job.id.sqlValue, $0.job.fence.sqlValue] }
            let counts = try transaction.execute(
                "\(change) where id = \(steps[0].job.id) and \(Self.isHeld(steps[0]))", binding: rows)
            return Set(zip(steps, counts).filter { $0.1 == 1 }.map(\.0.job.id))
        case .postgres:
            // Found once by the index, then by their places: the second search is spared.
            let fences = Dictionary(steps.map { ($0.job.id, $0.job.fence) }, uniquingKeysWith: max)
            var held: Set<JobID> = []
            var places = ""
            try transaction.forEach(
                """
                select id, fence, cast(ctid as text) from jobs
                 where id \(ids: steps.map(\.job.id.rawValue)) and state + 0 = 1 for update skip locked
                """
            ) { row in
                let id: JobID = try row[0]
                guard fences[id] == (try row[1] as Int64) else { return }
                held.insert(id)
                places += "\(places.isEmpty ? "" : ",")\"\(try row[2] as String)\""
            }
            guard !held.isEmpty else { return [] }
            let changed = try transaction.execute(
                "\(change) where ctid = any(cast(cast(\("{\(places)}") as text) as tid[]))")
            guard changed == held.count else {
                throw DatabaseError(.serialization, "a locked row has moved")
            }
            return held
        }
    }
}

extension Engine {
    /// The columns of `steps` for one that cost nothing; the others have their defaults.
    static let freeStepColumns: SQL = """
        job_id, step, round, pool_id, attempt, fence, result, charged, cost, started_at, ended_at, worker
        """

    fileprivate static func freeStepRow(
        _ step: ClaimedStep, _ recording: Recording, at now: Double, by incarnation: Incarnation
    ) -> [SQLValue] {
        .row(
            step.job.id, step.job.step, step.job.round, step.pool, step.job.attempt, step.job.fence, recording.json,
            step.charged, step.charged, Int64(step.start), Int64(now), incarnation)
    }
}

/// A result and what its job does next.
private struct PlannedRecord {
    let entry: DoneStep
    let move: Move
    let history: History
    let isBrief: Bool

    var job: JobID { entry.step.job.id }
    var isLast: Bool { if case .succeed = move { true } else { false } }
}

/// What the records of many steps add up to.
private struct RecordBatch {
    private(set) var steps: [[SQLValue]] = []
    private(set) var events: [EventRow] = []
    private(set) var deltas: [LaneID: LaneDelta] = [:]
    private(set) var arrivals: [LaneID: Arrival] = [:]

    mutating func add(_ record: PlannedRecord, at now: Double, by incarnation: Incarnation) {
        let step = record.entry.step
        let name = step.job.step
        steps.append(Engine.freeStepRow(step, record.entry.recording, at: now, by: incarnation))
        if let lane = step.job.lane {
            deltas[lane, default: LaneDelta(pool: step.pool, lane: lane)].running -= 1
        }
        if case .run(let place) = record.move { arrivals[place.lane, default: Arrival()].add(place.cost) }
        if !record.isLast || !record.isBrief {
            events.append(EventRow(job: step.job.id, at: now, kind: .recorded, step: name))
        }
        if record.isLast {
            let step = record.isBrief ? name : nil
            events.append(EventRow(job: record.job, at: now, kind: .succeeded, step: step))
        }
    }
}
