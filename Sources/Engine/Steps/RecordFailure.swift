import Database

extension Engine {
    /// Writes that an attempt failed, and decides what follows: back off, pause the pool, go on without the step, or end.
    func record(_ step: ClaimedStep, failed failure: StepFailure, spent: Meter.Usage?) async throws -> RecordOutcome {
        let plan = try workflows.workflow(step.job.kind)
        let policy = plan.policy(step.job.step)
        switch failure.retry {
        case .refused(let pause): return try await refuse(step, pause: pause, spent: spent)
        case .backoff where step.job.attempt < policy.attemptsMax:
            let delay = policy.backoff.delay(attempt: step.job.attempt, random: random)
            return try await backOff(step, failure, for: delay, spent: spent)
        case .after(let pause) where step.job.attempt < policy.attemptsMax:
            return try await backOff(step, failure, for: pause, spent: spent)
        case .never, .backoff, .after:
            if let recording = try plan.absorb(failure, step.job) {
                return try await record(step, recording, spent: spent, absorbed: failure)
            }
            return try await fail(step, failure, spent: spent)
        }
    }

    /// Puts a step back that its worker did not finish, as if it had not been claimed: a shutdown burns no attempt.
    func release(_ step: ClaimedStep, spent: Meter.Usage?) async throws -> RecordOutcome {
        try await transaction { transaction, wakes in
            let now = try transaction.now()
            return try self.putBack(
                step, spent: spent, event: .released, detail: nil, at: now, in: transaction, waking: wakes)
        }
    }

    private func refuse(_ step: ClaimedStep, pause: Duration, spent: Meter.Usage?) async throws -> RecordOutcome {
        try await transaction { transaction, wakes in
            // The pool's row first, as everywhere. A record locks no pool, but this is no record.
            let now = try transaction.now()
            let until = now + pause.milliseconds
            try transaction.execute(
                """
                update pools set pause_until = case when pause_until < \(until) then \(until) else pause_until end
                 where id = \(step.pool)
                """)
            return try self.putBack(
                step, spent: spent, event: .refused, detail: "\(Int(pause.milliseconds)) ms", at: now, in: transaction,
                waking: wakes)
        }
    }

    private func putBack(
        _ step: ClaimedStep, spent: Meter.Usage?, event: JobEvent.Kind, detail: String?, at now: Double,
        in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws -> RecordOutcome {
        let moved = try transaction.execute(
            """
            update jobs set state = 0, attempt = attempt - 1, lease_until = null, worker = null
             where id = \(step.job.id) and state = 1 and fence = \(step.job.fence)
            """)
        guard moved == 1, let lane = step.job.lane else {
            return try bookLate(step, spent: spent, reason: event.rawValue, at: now, in: transaction)
        }
        if let spent { try insertLateCost(step, spent, reason: event.rawValue, at: now, in: transaction) }
        try appendEvent(event, to: step.job.id, at: now, step: step.job.step, detail: detail, in: transaction)
        try settle(step, actual: spent?.cost ?? 0, in: transaction)
        try arrive([lane: Arrival(count: 1, cost: step.job.cost)], in: transaction, waking: wakes)
        wakes.events()
        return .recorded
    }

    private func backOff(
        _ step: ClaimedStep, _ failure: StepFailure, for pause: Duration, spent: Meter.Usage?
    ) async throws -> RecordOutcome {
        try await transaction { transaction, wakes in
            let now = try transaction.now()
            let moved = try transaction.execute(
                """
                update jobs
                   set state = 2, wakes = 0, run_at = \(Int64(now + pause.milliseconds)), wait_for = null,
                       since_at = \(Int64(now)), lease_until = null, worker = null, failure_code = \(failure.code),
                       failure_message = \(failure.message), failure_hint = \(failure.hint)
                 where id = \(step.job.id) and state = 1 and fence = \(step.job.fence)
                """)
            guard moved == 1 else {
                return try self.bookLate(step, spent: spent, reason: failure.code, at: now, in: transaction)
            }
            if let spent { try self.insertLateCost(step, spent, reason: failure.code, at: now, in: transaction) }
            try self.appendEvent(
                .retrying, to: step.job.id, at: now, step: step.job.step, detail: failure.code, in: transaction)
            try self.settle(step, actual: spent?.cost ?? step.charged, in: transaction)
            wakes.timers()
            wakes.events()
            return .recorded
        }
    }

    private func fail(_ step: ClaimedStep, _ failure: StepFailure, spent: Meter.Usage?) async throws -> RecordOutcome {
        try await transaction { transaction, wakes in
            let now = try transaction.now()
            let moved = try transaction.execute(
                """
                update jobs set \(self.assignments(.fail(failure), attempt: step.job.attempt, now: now))
                 where id = \(step.job.id) and state = 1 and fence = \(step.job.fence)
                """)
            guard moved == 1 else {
                return try self.bookLate(step, spent: spent, reason: failure.code, at: now, in: transaction)
            }
            if let spent { try self.insertLateCost(step, spent, reason: failure.code, at: now, in: transaction) }
            try self.settle(step, actual: spent?.cost ?? step.charged, in: transaction)
            try self.finishMove(
                .fail(failure), of: step.job, history: step.history, at: now, in: transaction, waking: wakes)
            return .recorded
        }
    }
}
