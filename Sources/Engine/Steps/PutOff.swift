import Database
import Logging

extension Engine {
    /// Writes that the provider did not serve a step, which then waits for it and has spent no attempt.
    ///
    /// It lies down until after the next try, so that another job makes that one: a prompt by which a provider always
    /// breaks must not stand at the head of its pool for ever.
    /// - Returns: nil when the failure is the step's own after all, since others are answered, or when the provider has
    ///   been away for so long that nobody waits for it any more.
    func putOff(
        _ step: ClaimedStep, _ failure: StepFailure, _ outage: StepFailure.Outage, _ policy: StepPolicy,
        spent: Meter.Usage?
    ) async throws -> RecordOutcome? {
        let (outcome, hasOpened) = try await transaction { transaction, wakes -> (RecordOutcome?, Bool) in
            // The pool's row first, as everywhere. A record locks no pool, but this is no record.
            guard var circuit = try self.lockedCircuit(of: step.pool, in: transaction) else { return (nil, false) }
            let now = try transaction.now()
            guard try self.isStillHeld(step, in: transaction) else {
                return (try self.bookLate(step, spent: spent, reason: failure.code, at: now, in: transaction), false)
            }
            let before = circuit
            let isAway = try self.judge(step, failure, outage, by: &circuit, at: now, in: transaction)
            if circuit != before { try self.store(circuit, of: step.pool, in: transaction) }
            let hasOpened = circuit.state == .open && before.state != .open
            guard isAway else { return (nil, hasOpened) }
            let backoff = policy.backoff.delay(attempt: max(1, circuit.failures), random: self.random)
            let pause = max(circuit.pause(at: now) + backoff, failure.retryAfter)
            return (
                try self.lieDown(step, failure, until: pause, spent: spent, at: now, in: transaction, waking: wakes),
                hasOpened
            )
        }
        if hasOpened {
            logger.warning(
                "a provider is away, its pool's circuit is open",
                metadata: ["pool": "\(step.pool)", "error": "\(failure)"])
        }
        return outcome
    }

    /// Whether the provider is to blame, and may still be waited for.
    private func judge(
        _ step: ClaimedStep, _ failure: StepFailure, _ outage: StepFailure.Outage, by circuit: inout CircuitBreaker,
        at now: Double, in transaction: borrowing Transaction
    ) throws -> Bool {
        let isInRow = circuit.state == .closed && circuit.failures > 0
        let hasAnswered = try isInRow && hasAnswered(step.pool, since: circuit.failedAt, in: transaction)
        let isAway = circuit.failed(
            outage, because: "\(failure.message) (\(failure.code))", retryAfter: failure.retryAfter,
            startedAt: step.start, hasAnswered: hasAnswered, at: now, jitter: random.jittered)
        return isAway && now - circuit.awaySince <= limits.outageMax.milliseconds
    }

    private func lieDown(
        _ step: ClaimedStep, _ failure: StepFailure, until pause: Duration, spent: Meter.Usage?, at now: Double,
        in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws -> RecordOutcome {
        guard try lieDown(step, failure, for: pause, burning: 0, at: now, in: transaction) else { return .leaseLost }
        if let spent { try insertLateCost(step, spent, reason: failure.code, at: now, in: transaction) }
        try appendEvent(
            .retrying, to: step.job.id, at: now, step: step.job.step, detail: failure.code, in: transaction)
        // The provider may have counted it all the same.
        try settle(step, actual: spent?.cost ?? step.charged, in: transaction)
        try freePlaces(of: [step.job.id], in: step.pool, in: transaction, waking: wakes)
        wakes.pool(step.pool)
        wakes.timers()
        wakes.events()
        return .recorded
    }

    private func isStillHeld(_ step: ClaimedStep, in transaction: borrowing Transaction) throws -> Bool {
        let held: Int? = try transaction.value(
            "select 1 from jobs where id = \(step.job.id) and \(Self.isHeld(step))")
        return held != nil
    }
}

extension StepFailure {
    fileprivate var retryAfter: Duration { if case .after(let pause) = retry { pause } else { .zero } }
}
