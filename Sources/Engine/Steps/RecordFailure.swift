import Database
import Logging

extension Engine {
    /// Writes that an attempt failed, and decides what follows: wait for the provider, back off, pause the pool, go on
    /// without the step, or end.
    func record(_ step: ClaimedStep, failed failure: StepFailure, spent: Meter.Usage?) async throws -> RecordOutcome {
        let plan = try workflows.workflow(step.job.kind)
        let policy = plan.policy(step.job.step)
        if let outage = failure.outage, let outcome = try await putOff(step, failure, outage, policy, spent: spent) {
            return outcome
        }
        switch failure.retry {
        case .refused(let pause): return try await refuse(step, pause: pause, spent: spent)
        case .refusedToTenant(let pause):
            let pause = max(pause, Self.tenantPauseMin)
            return try await backOff(step, failure, for: pause, burning: 0, spent: spent)
        case .refusedForDay(let pause):
            return try await stopPool(of: step, .day, until: pause, because: failure, spent: spent)
        case .refusedByAccount:
            return try await stopPool(of: step, .account, until: nil, because: failure, spent: spent)
        case .backoff where step.job.attempt < policy.attemptsMax:
            let delay = policy.backoff.delay(attempt: step.job.attempt, random: random)
            return try await backOff(step, failure, for: delay, spent: spent)
        case .after(let pause) where step.job.attempt < policy.attemptsMax:
            return try await backOff(step, failure, for: pause, spent: spent)
        case .never, .backoff, .after:
            if let recording = absorb(failure, of: step, by: plan) {
                return try await record(step, recording, spent: spent, absorbed: failure)
            }
            return try await fail(step, failure, spent: spent)
        }
    }

    /// A workflow that cannot even say whether it absorbs, because it cannot read its own input, does not.
    private func absorb(_ failure: StepFailure, of step: ClaimedStep, by plan: AnyWorkflow) -> Recording? {
        do { return try plan.absorb(failure, step.job) } catch {
            logger.error("could not absorb a failure", metadata: ["job": "\(step.job.id)", "error": "\(error)"])
            return nil
        }
    }

    /// A tenant that was refused waits at least this long, or one that asks for no pause would be asked in a loop.
    private static let tenantPauseMin = Duration.milliseconds(100)

    private func backOff(
        _ step: ClaimedStep, _ failure: StepFailure, for pause: Duration, burning attempts: Int = 1,
        spent: Meter.Usage?
    ) async throws -> RecordOutcome {
        try await transaction { transaction, wakes in
            let now = try transaction.now()
            guard try self.lieDown(step, failure, for: pause, burning: attempts, at: now, in: transaction) else {
                return try self.bookLate(step, spent: spent, reason: failure.code, at: now, in: transaction)
            }
            if let spent { try self.insertLateCost(step, spent, reason: failure.code, at: now, in: transaction) }
            try self.appendEvent(
                .retrying, to: step.job.id, at: now, step: step.job.step, detail: failure.code, in: transaction)
            try self.settle(step, actual: spent?.cost ?? step.charged, in: transaction)
            try self.freePlaces(of: [step.job.id], in: step.pool, in: transaction, waking: wakes)
            wakes.timers()
            wakes.events()
            return .recorded
        }
    }

    /// Lets the step wait in its place until a timer, under its fence; a step that waits keeps no place in the lane's
    /// counters.
    func lieDown(
        _ step: ClaimedStep, _ failure: StepFailure, for pause: Duration, burning attempts: Int, at now: Double,
        in transaction: borrowing Transaction
    ) throws -> Bool {
        return try transaction.execute(
            """
            update jobs
               set state = 2, wakes = 0, run_at = \(Int64(now + max(.zero, pause).milliseconds)), wait_for = null,
                   attempt = \(step.job.attempt - 1 + attempts), since_at = \(Int64(now)), lease_until = null,
                   worker = null, crashes = \(crashesOfSurvivor), failure_code = \(failure.code), failure_message = \(failure.message),
                   failure_hint = \(failure.hint)
             where id = \(step.job.id) and \(Self.isHeld(step))
            """) == 1
    }

    private func fail(_ step: ClaimedStep, _ failure: StepFailure, spent: Meter.Usage?) async throws -> RecordOutcome {
        try await transaction { transaction, wakes in
            let now = try transaction.now()
            let moved = try transaction.execute(
                """
                update jobs set \(self.assignments(.fail(failure), attempt: step.job.attempt, now: now))
                 where id = \(step.job.id) and \(Self.isHeld(step))
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
