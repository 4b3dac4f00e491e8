import Database
import Logging

/// Endings of an attempt that are nobody's failure: the step goes back, and no attempt is spent.
extension Engine {
    /// A pool that was refused pauses at least this long, or a provider that asks for no pause would be asked in a
    /// loop.
    private static let refusalPauseMin = Duration.milliseconds(100)

    /// Puts a step back that its worker did not finish, as if it had not been claimed: a shutdown burns no attempt.
    ///
    /// What the pool was charged comes back only if the step cannot have called yet; else the call may have been made.
    func release(_ step: ClaimedStep, spent: Meter.Usage?) async throws -> RecordOutcome {
        try await transaction { transaction, wakes in
            let now = try transaction.now()
            return try self.putBack(
                step, spent: spent, actual: now < step.start ? 0 : step.charged, event: .released, detail: nil, at: now,
                in: transaction, waking: wakes)
        }
    }

    /// Puts a step aside for a worker of another version: no attempt is spent, and nothing was called.
    func postpone(_ step: ClaimedStep, _ failure: StepFailure, for pause: Duration) async throws -> RecordOutcome {
        try await transaction { transaction, wakes in
            let now = try transaction.now()
            guard try self.lieDown(step, failure, for: pause, burning: 0, at: now, in: transaction) else {
                return .leaseLost
            }
            try self.appendEvent(
                .released, to: step.job.id, at: now, step: step.job.step, detail: failure.code, in: transaction)
            try self.settle(step, actual: 0, in: transaction)
            try self.freePlaces(of: [step.job.id], in: step.pool, in: transaction, waking: wakes)
            wakes.timers()
            wakes.events()
            return .recorded
        }
    }

    /// Writes that the provider refused the call for its rate: the pool pauses for everyone, no attempt is spent, and
    /// what the pool was charged comes back.
    func refuse(_ step: ClaimedStep, pause: Duration, spent: Meter.Usage?) async throws -> RecordOutcome {
        try await transaction { transaction, wakes in
            // The pool's row first, as everywhere. A record locks no pool, but this is no record.
            let now = try transaction.now()
            if step.isTrial { try self.noteAnswer(to: step, at: now, in: transaction, waking: wakes) }
            let until = now + max(pause, Self.refusalPauseMin).milliseconds
            try self.slowDown(step.pool, pausedUntil: until, at: now, in: transaction)
            try self.report(step, actual: nil, at: now, in: transaction)
            return try self.putBack(
                step, spent: spent, actual: 0, event: .refused, detail: "\(Int(pause.milliseconds)) ms", at: now,
                in: transaction, waking: wakes)
        }
    }

    /// Pauses a pool that was refused, and lowers its pace if it keeps being refused.
    private func slowDown(
        _ pool: PoolID, pausedUntil until: Double, at now: Double, in transaction: borrowing Transaction
    ) throws {
        let state: PoolState? = try transaction.one(
            "select \(PoolState.columns) from pools where id = \(pool) \(.lock(.noKeyUpdate))")
        guard var pace = state?.learned.pace else { return }
        let isLowered = pace.refused(at: now)
        try transaction.execute(
            """
            update pools
               set pause_until = case when pause_until < \(until) then \(until) else pause_until end, \(pace.assignments)
             where id = \(pool)
            """)
        if isLowered {
            logger.notice(
                "a provider keeps refusing calls, its pool slows down",
                metadata: ["pool": "\(pool)", "pace": "\((pace.factor * 1000).rounded() / 10) %"])
        }
    }

    /// - Parameter actual: what the pool is charged if nothing is known to have been spent.
    func putBack(
        _ step: ClaimedStep, spent: Meter.Usage?, actual: Double, event: JobEvent.Kind, detail: String?, at now: Double,
        in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws -> RecordOutcome {
        let moved = try transaction.execute(
            """
            update jobs
               set state = 0, attempt = attempt - 1, lease_until = null, worker = null, since_at = \(Int64(now)),
                   crashes = \(crashesOfSurvivor)
             where id = \(step.job.id) and \(Self.isHeld(step))
            """)
        guard moved == 1, let lane = step.job.lane else {
            return try bookLate(step, spent: spent, reason: event.rawValue, at: now, in: transaction)
        }
        if let spent { try insertLateCost(step, spent, reason: event.rawValue, at: now, in: transaction) }
        try appendEvent(event, to: step.job.id, at: now, step: step.job.step, detail: detail, in: transaction)
        try settle(step, actual: spent?.cost ?? actual, in: transaction)
        try freePlaces(of: [step.job.id], in: step.pool, in: transaction, waking: wakes)
        try arrive([lane: Arrival(count: 1, cost: step.job.cost)], in: transaction, waking: wakes)
        wakes.events()
        return .recorded
    }
}
