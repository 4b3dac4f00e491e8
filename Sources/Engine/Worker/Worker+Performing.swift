import Database
import Logging

extension Worker {
    /// How an attempt ended, everything that can go wrong included.
    enum Verdict: Sendable {
        case done(Recording)
        case failed(StepFailure)
        /// It may kill its worker, and another such step is being done here.
        case crowded
        /// For a worker of another version.
        case misplaced(StepFailure)
        case stopped(RunningSteps.Stop)
    }

    enum Performance: Sendable {
        /// However it ended, that is stored.
        case ended
        /// Its result waits to be recorded with others.
        case done
    }

    /// Waits for the step's start, performs it, and records how it ended, or hands it to those who record many.
    func perform(_ step: ClaimedStep, stops: AsyncStream<RunningSteps.Stop>) async -> Performance {
        let meter = Meter()
        let verdict = await isCrowded(step) ? .crowded : verdict(on: step, meter: meter, stops: stops)
        running.end(step.job.id, fence: step.job.fence)
        if case .done(let recording) = verdict, engine.mayShareRecord(step, recording, spent: meter.total),
            done.add(DoneStep(step: step, recording: recording))
        {
            return .done
        }
        var ended = step
        ended.limits = meter.limits
        await recordUntilStored(verdict, of: ended, spent: meter.total)
        return .ended
    }

    private func isCrowded(_ step: ClaimedStep) async -> Bool {
        guard step.crashes >= engine.crashesOfSuspect else { return false }
        do { return try await !engine.beginSuspect(step) } catch {
            logger.warning("could not begin a suspect", metadata: ["job": "\(step.job.id)", "error": "\(error)"])
            return true
        }
    }

    private func verdict(on step: ClaimedStep, meter: Meter, stops: AsyncStream<RunningSteps.Stop>) async -> Verdict {
        do {
            guard let plan = engine.workflows.known(step.job.kind) else { throw Misplaced.kind(step.job.kind) }
            let policy = plan.policy(step.job.step)
            let context = StepContext(
                step, in: engine.pools.name(step.pool) ?? "", attemptsMax: policy.attemptsMax, timeout: policy.timeout,
                meter: meter, clock: clock, failpoints: failpoints, logger: logger)
            try failpoints.pass("\(step.job.step).claimed")
            return try await race(step, stops: stops) {
                .done(try await plan.perform(step.job, step.history, context))
            }
        } catch let failure as StepFailure {
            return .failed(failure)
        } catch RunningSteps.Stop.timedOut {
            return .failed(.timedOut)
        } catch let stop as RunningSteps.Stop {
            return .stopped(stop)
        } catch let misplaced as Misplaced {
            return .misplaced(misplaced.failure)
        } catch is CancellationError where Task.isCancelled {
            return .stopped(.shutdown)
        } catch {
            // A step's own cancellation counts as well: taken for a shutdown it would cost no attempt, and never end.
            logger.error("step failed without a class", metadata: ["job": "\(step.job.id)", "error": "\(error)"])
            return .failed(.unclassified(error))
        }
    }

    /// The work and its stop signal, which also tells that its time is up; the first to end cancels the other, and both
    /// are awaited.
    private func race(
        _ step: ClaimedStep, stops: AsyncStream<RunningSteps.Stop>,
        _ work: @escaping @Sendable () async throws -> Verdict
    ) async throws -> Verdict {
        let isDone = Flag()
        return try await withThrowingTaskGroup(of: Verdict.self) { group in
            // On this thread until it first has to wait: a step that never does costs no switch.
            group.addTaskAtOnce {
                defer { isDone.set() }
                if step.delay > .zero { try await self.clock.sleep(for: step.delay) }
                return try await work()
            }
            if !isDone.isSet {
                group.addTask {
                    for await stop in stops { throw stop }
                    throw CancellationError()
                }
            }
            defer { group.cancelAll() }
            guard let verdict = try await group.next() else { throw CancellationError() }
            return verdict
        }
    }

    /// Stores an ending, however long the database is away: what was paid is not thrown away. Repeating is safe, the
    /// fence guards it; when the lease has been lost meanwhile, the cost is booked and the result dropped.
    ///
    /// A result that the database does not take however often it is offered, or whose product rows cannot be written,
    /// fails its step.
    func recordUntilStored(_ ending: Verdict, of step: ClaimedStep, spent: Meter.Usage?) async {
        var verdict = ending
        var pause = Duration.milliseconds(100)
        var refusals = 0
        for _ in 0..<200 {
            do {
                let outcome = try await store(verdict, of: step, spent: spent)
                if outcome == .leaseLost {
                    logger.notice(
                        "result dropped, the lease was lost",
                        metadata: ["job": "\(step.job.id)", "step": "\(step.job.step)"])
                }
                return
            } catch {
                logger.warning(
                    "could not record, will try again",
                    metadata: ["job": "\(step.job.id)", "step": "\(step.job.step)", "error": "\(error)"])
                if !Self.isDatabaseAway(error) { refusals += 1 }
                if refusals == Self.refusalsMax, case .done = verdict {
                    verdict = .failed(.unrecordable(error))
                    continue
                }
                guard refusals < Self.refusalsMax * 2, await sleepShielded(pause) else { break }
                pause = min(pause * 2, .seconds(5))
            }
        }
        logger.error("gave up recording", metadata: ["job": "\(step.job.id)", "step": "\(step.job.step)"])
    }

    private static let refusalsMax = 3

    /// Whether the error is about the database and not about what it was given.
    private static func isDatabaseAway(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return error is CancellationError }
        switch error.kind {
        case .uniqueViolation, .foreignKeyViolation, .checkViolation, .notNullViolation, .badValue, .statement,
            .noColumn,
            .unexpectedNull, .typeMismatch:
            return false
        default: return true
        }
    }

    private func store(_ verdict: Verdict, of step: ClaimedStep, spent: Meter.Usage?) async throws -> RecordOutcome {
        switch verdict {
        case .done(let recording):
            try failpoints.pass("\(step.job.step).performed")
            let outcome = try await engine.record(step, recording, spent: spent, failpoints: failpoints)
            try failpoints.pass("\(step.job.step).afterCommit")
            return outcome
        case .failed(let failure): return try await engine.record(step, failed: failure, spent: spent)
        case .crowded:
            return try await engine.postpone(step, .isSuspect, for: engine.random.jittered(.seconds(4)))
        case .misplaced(let failure): return try await engine.postpone(step, failure, for: Misplaced.pause)
        case .stopped: return try await engine.release(step, spent: spent)
        }
    }

    /// - Returns: false when the worker's own task was cancelled: the process is being torn down.
    private func sleepShielded(_ pause: Duration) async -> Bool {
        do {
            try await clock.sleep(for: engine.random.jittered(pause))
            return true
        } catch {
            return false
        }
    }
}
