import Database

/// What became of an attempt to write a step's ending.
enum RecordOutcome: Sendable, Equatable {
    case recorded
    /// Another worker has the job, or it was cancelled. Nothing was written but what the attempt cost.
    case leaseLost
}

extension Engine {
    /// Writes a paid result, alone and at once, and moves the job on: result, product rows, tokens and cost, the job's
    /// next place, event and settlement in one transaction, guarded by the fence.
    ///
    /// Repeating it after a lost answer is safe: a step with this fence in the table is our own commit.
    func record(
        _ step: ClaimedStep, _ recording: Recording, spent: Meter.Usage?, absorbed: StepFailure? = nil,
        failpoints: Failpoints = .none
    ) async throws -> RecordOutcome {
        var history = step.history
        history.results.append(StoredResult(step: step.job.step, round: step.job.round, json: recording.json))
        let known = history
        return try await transaction { transaction, wakes in
            let now = try transaction.now()
            if step.isTrial, absorbed == nil { try self.noteAnswer(to: step, at: now, in: transaction, waking: wakes) }
            let job = step.job
            let move = try self.plannedMove(for: job, history: known, because: .recorded, in: transaction)
            guard try self.moveIfHeld(step, to: move, at: now, in: transaction) else {
                return try self.bookLate(step, spent: spent, reason: "lease_lost", at: now, in: transaction)
            }
            try self.insertStep(step, recording, spent: spent, absorbed: absorbed, at: now, in: transaction)
            try recording.rows?(transaction)
            try self.appendEvent(
                absorbed == nil ? .recorded : .absorbed, to: job.id, at: now, step: job.step, detail: absorbed?.code,
                in: transaction)
            try self.settle(step, actual: spent?.cost ?? step.charged, in: transaction)
            try self.report(step, actual: absorbed == nil ? spent?.cost : nil, at: now, in: transaction)
            try self.freePlaces(after: step, recording, wasAbsorbed: absorbed != nil, in: transaction, waking: wakes)
            try self.settleIn(move, job, history: known, at: now, in: transaction, waking: wakes)
            try failpoints.pass("\(job.step).beforeCommit")
            return .recorded
        }
    }

    /// The rest of a record: the wait that is none because its signal is here, or the move itself.
    private func settleIn(
        _ move: Move, _ job: JobRow, history: History, at now: Double, in transaction: borrowing Transaction,
        waking wakes: Wakes
    ) throws {
        // Only now is the job's row locked, so that a signal either is in the table or finds the job waiting.
        if case .wait(let signal?, _) = move,
            try transaction.value(
                "select 1 from signals where job_id = \(job.id) and name = \(signal)", as: Int.self) != nil
        {
            let complete = try History.load(job.id, in: transaction)
            return try advance(
                job, history: complete, because: .signalled(signal), at: now, in: transaction, waking: wakes)
        }
        try finishMove(move, of: job, history: history, at: now, in: transaction, waking: wakes)
    }

    /// The fence is in the statement: a worker that lost its lease changes nothing.
    private func moveIfHeld(
        _ step: ClaimedStep, to move: Move, at now: Double, in transaction: borrowing Transaction
    ) throws -> Bool {
        let moved = try transaction.execute(
            """
            update jobs set \(assignments(move, attempt: 0, now: now))
             where id = \(step.job.id) and \(Self.isHeld(step))
            """)
        return moved == 1
    }

    /// The condition under which a step is still its worker's. `state + 0`: a bare `state = 1` lets PostgreSQL walk the
    /// partial index of all running jobs instead of the primary key.
    static func isHeld(_ step: ClaimedStep) -> SQL { "state + 0 = 1 and fence = \(step.job.fence)" }

    private func insertStep(
        _ step: ClaimedStep, _ recording: Recording, spent: Meter.Usage?, absorbed: StepFailure?, at now: Double,
        in transaction: borrowing Transaction
    ) throws {
        let row = Self.stepRow(step, recording, spent: spent, absorbed: absorbed, at: now, by: incarnation)
        try transaction.executeLater("insert into steps (\(Self.stepColumns)) values (\(list: row))")
    }

    static let stepColumns: SQL = """
        job_id, step, round, pool_id, attempt, fence, result, absorbed, provider, model, tokens_in, tokens_out,
        microdollars, charged, cost, started_at, ended_at, worker
        """

    static func stepRow(
        _ step: ClaimedStep, _ recording: Recording, spent: Meter.Usage?, absorbed: StepFailure?, at now: Double,
        by incarnation: Incarnation
    ) -> [SQLValue] {
        .row(
            step.job.id, step.job.step, step.job.round, step.pool, step.job.attempt, step.job.fence, recording.json,
            absorbed != nil, spent?.provider, spent?.model, spent?.inputTokens ?? 0, spent?.outputTokens ?? 0,
            spent?.microdollars ?? 0, step.charged, spent?.cost ?? step.charged, Int64(step.start), Int64(now),
            incarnation)
    }

    /// Takes the step off its lane's and pool's counters and corrects what they were charged.
    func settle(_ step: ClaimedStep, actual: Double, in transaction: borrowing Transaction) throws {
        guard let lane = step.job.lane else { return }
        let delta = LaneDelta(pool: step.pool, lane: lane, running: -1, settlement: actual - step.charged)
        try append([delta], in: transaction)
    }

    /// Books what an attempt without a recorded result has cost, once for each fence.
    func bookLate(
        _ step: ClaimedStep, spent: Meter.Usage?, reason: String, at now: Double, in transaction: borrowing Transaction
    ) throws -> RecordOutcome {
        let own: Int? = try transaction.value(
            """
            select 1 from steps
             where job_id = \(step.job.id) and step = \(step.job.step) and round = \(step.job.round)
               and fence = \(step.job.fence)
            """)
        if own != nil { return .recorded }
        if let spent, try insertLateCost(step, spent, reason: reason, at: now, in: transaction),
            let lane = step.job.lane
        {
            // Whoever took the job has taken it off the counters; only the cost is still to be settled.
            try append(
                [LaneDelta(pool: step.pool, lane: lane, settlement: spent.cost - step.charged)], in: transaction)
        }
        return .leaseLost
    }

    @discardableResult
    func insertLateCost(
        _ step: ClaimedStep, _ spent: Meter.Usage, reason: String, at now: Double, in transaction: borrowing Transaction
    ) throws -> Bool {
        try transaction.execute(
            """
            insert into late_costs (job_id, fence, step, reason, provider, model, tokens_in, tokens_out, microdollars,
                                    cost, at)
            values (\(step.job.id), \(step.job.fence), \(step.job.step), \(reason), \(spent.provider), \(spent.model),
                    \(spent.inputTokens), \(spent.outputTokens), \(spent.microdollars), \(spent.cost), \(Int64(now)))
            on conflict (job_id, fence) do nothing
            """) == 1
    }
}
