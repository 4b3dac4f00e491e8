import Logging

extension Worker {
    /// How an attempt ended, everything that can go wrong included.
    enum Verdict: Sendable {
        case done(Recording)
        case failed(StepFailure)
        case stopped(RunningSteps.Stop)
    }

    /// Waits for the step's start, performs it, and records how it ended.
    func perform(_ step: ClaimedStep, stops: AsyncStream<RunningSteps.Stop>) async {
        let meter = Meter()
        let verdict = await verdict(on: step, meter: meter, stops: stops)
        await recordUntilStored(verdict, of: step, spent: meter.total)
    }

    private func verdict(on step: ClaimedStep, meter: Meter, stops: AsyncStream<RunningSteps.Stop>) async -> Verdict {
        do {
            let plan = try engine.workflows.workflow(step.job.kind)
            let policy = plan.policy(step.job.step)
            let context = StepContext(
                attempt: step.job.attempt, attemptsMax: policy.attemptsMax, round: step.job.round,
                timeout: policy.timeout,
                attemptKey: "\(step.job.id)-\(step.job.step)-\(step.job.round)-\(step.job.fence)", meter: meter,
                clock: clock, failpoints: failpoints, logger: stepLogger(step))
            try failpoints.pass("\(step.job.step).claimed")
            return try await race(step, policy: policy, stops: stops) {
                .done(try await plan.perform(step.job, step.history, context))
            }
        } catch let failure as StepFailure {
            return .failed(failure)
        } catch let stop as RunningSteps.Stop {
            return .stopped(stop)
        } catch is CancellationError {
            return .stopped(.shutdown)
        } catch let error as EngineError {
            // Another version's kind of job: it waits for a worker that knows it.
            return .failed(StepFailure(code: error.code, message: error.message, retry: .after(.seconds(30))))
        } catch {
            logger.error("step failed without a class", metadata: ["job": "\(step.job.id)", "error": "\(error)"])
            return .failed(.unclassified(error))
        }
    }

    /// The work, its deadline and its stop signal; the first to end cancels the others, and all are awaited.
    private func race(
        _ step: ClaimedStep, policy: StepPolicy, stops: AsyncStream<RunningSteps.Stop>,
        _ work: @escaping @Sendable () async throws -> Verdict
    ) async throws -> Verdict {
        try await withThrowingTaskGroup(of: Verdict.self) { group in
            group.addTask {
                if step.delay > .zero { try await self.clock.sleep(for: step.delay) }
                return try await work()
            }
            group.addTask {
                try await self.clock.sleep(for: step.delay + policy.timeout)
                throw StepFailure.timedOut
            }
            group.addTask {
                for await stop in stops { throw stop }
                throw CancellationError()
            }
            defer { group.cancelAll() }
            guard let verdict = try await group.next() else { throw CancellationError() }
            return verdict
        }
    }

    /// Stores an ending, however long the database is away: what was paid is not thrown away. Repeating is safe, the fence
    /// guards it; when the lease has been lost meanwhile, the cost is booked and the result dropped.
    private func recordUntilStored(_ verdict: Verdict, of step: ClaimedStep, spent: Meter.Usage?) async {
        var pause = Duration.milliseconds(100)
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
                guard await sleepShielded(pause) else { return }
                pause = min(pause * 2, .seconds(5))
            }
        }
        logger.error("gave up recording", metadata: ["job": "\(step.job.id)", "step": "\(step.job.step)"])
    }

    private func store(_ verdict: Verdict, of step: ClaimedStep, spent: Meter.Usage?) async throws -> RecordOutcome {
        switch verdict {
        case .done(let recording):
            try failpoints.pass("\(step.job.step).performed")
            let outcome = try await engine.record(step, recording, spent: spent, failpoints: failpoints)
            try failpoints.pass("\(step.job.step).afterCommit")
            return outcome
        case .failed(let failure): return try await engine.record(step, failed: failure, spent: spent)
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

    private func stepLogger(_ step: ClaimedStep) -> Logger {
        var logger = logger
        logger[metadataKey: "job"] = "\(step.job.id)"
        logger[metadataKey: "step"] = "\(step.job.step)"
        return logger
    }
}
