import Logging
import Synchronization

extension Worker {
    /// One loop a pool: claims when the bell rings, and lets what it claimed run beside it.
    func claimSteps(of pool: PoolID, wokenBy bell: Bell) async {
        let alarm = Alarm()
        await withDiscardingTaskGroup { alarms in
            await withDiscardingTaskGroup { steps in
                var hasFailed = false
                bell.ring()
                for await _ in bell.rings {
                    guard !isDraining, !Task.isCancelled else { break }
                    let next = await claimOnce(pool, bell: bell, afterFailure: &hasFailed, into: &steps)
                    guard let pause = next else { continue }
                    guard pause > .zero else {
                        bell.ring()
                        continue
                    }
                    let setting = alarm.set()
                    alarms.addTask { await self.ring(bell, after: pause) { alarm.isCurrent(setting) } }
                }
                await recordLast(done.close(pool), into: &steps)
            }
            alarms.cancelAll()
        }
    }

    /// Records what is done and may share a transaction, and claims.
    ///
    /// - Parameter hasFailed: whether the claim before may have taken steps without our hearing of it.
    /// - Returns: when to look again, should nothing else ring before.
    private func claimOnce(
        _ pool: PoolID, bell: Bell, afterFailure hasFailed: inout Bool, into steps: inout DiscardingTaskGroup
    ) async -> Duration? {
        if hasFailed {
            guard await putBackUnknown(of: pool) else { return configuration.poll }
            hasFailed = false
        }
        let finished = done.take(pool, upTo: configuration.claimBatch)
        let wanted = slots.withLock { $0.reserve(upTo: configuration.claimBatch, for: pool) }
        guard wanted > 0 || !finished.isEmpty else { return nil }
        var unused = wanted
        defer { give(back: unused) }
        do {
            let claim: Claim
            if finished.isEmpty {
                claim = try await engine.claim(pool, upTo: wanted, lease: configuration.lease)
            } else {
                let recorded: Set<JobID>
                (recorded, claim) = try await recordAndClaim(finished, of: pool, upTo: wanted, into: &steps)
                unused += recorded.count
            }
            let isFull = claim.steps.count >= min(unused, configuration.claimBatch)
            unused -= claim.steps.count
            for step in claim.steps { start(step, bell: bell, in: &steps) }
            if isFull || claim.mayHaveMore || done.hasSteps(of: pool) { return .zero }
            return claim.isContended ? .milliseconds(10) : claim.nextIn
        } catch is CancellationError {
            return nil
        } catch {
            logger.warning("claim failed, will try again", metadata: ["pool": "\(pool)", "error": "\(error)"])
            hasFailed = true
            return configuration.poll
        }
    }

    /// - Returns: whether that is done.
    private func putBackUnknown(of pool: PoolID) async -> Bool {
        do {
            try await engine.putBackUnknown(of: pool, knowing: running.fences(since: stopwatch.elapsed()))
            return true
        } catch {
            logger.warning("claim failed, will try again", metadata: ["pool": "\(pool)", "error": "\(error)"])
            return false
        }
    }

    private func start(_ step: ClaimedStep, bell: Bell, in steps: inout DiscardingTaskGroup) {
        let policy = engine.workflows.known(step.job.kind)?.policy(step.job.step) ?? StepPolicy()
        let now = stopwatch.elapsed()
        let deadline = now + step.delay + policy.timeout + policy.grace
        let isSooner = running.isSooner(deadline)
        let stops = running.insert(step.job.id, fence: step.job.fence, since: now, deadline: deadline)
        if isSooner { deadlineBell.ring() }
        steps.addTask {
            // What waits to be recorded with others keeps its slot and its lease.
            if await self.perform(step, stops: stops) == .ended { self.forget(step) }
            bell.ring()  // The step has left its lane, where a cap may have room again; or it is to be recorded.
        }
    }

    private func forget(_ step: ClaimedStep) {
        running.remove(step.job.id, fence: step.job.fence)
        give(back: 1)
    }

    /// What cannot be recorded together is recorded alone, beside this.
    /// - Parameter wanted: steps to claim beyond the recorded ones; nil claims none at all.
    private func recordAndClaim(
        _ finished: [DoneStep], of pool: PoolID, upTo wanted: Int?, into steps: inout DiscardingTaskGroup
    ) async throws -> (recorded: Set<JobID>, Claim) {
        var recorded: Set<JobID> = []
        var hasFailed = true
        defer {
            for entry in finished {
                if recorded.contains(entry.step.job.id) {
                    running.remove(entry.step.job.id, fence: entry.step.job.fence)
                } else if entry.isFirstTry, !hasFailed, done.add(entry.again) {
                    bells[pool]?.ring()  // Its row was locked just then, as by a heartbeat.
                } else {
                    steps.addTask { await self.recordAlone(entry) }
                }
            }
        }
        for entry in finished { try failpoints.pass("\(entry.step.job.step).performed") }
        let (written, claim) = try await engine.recordAndClaim(
            finished, of: pool, upTo: wanted, atMost: configuration.claimBatch, lease: configuration.lease,
            failpoints: failpoints)
        recorded = written
        hasFailed = false
        for entry in finished where recorded.contains(entry.step.job.id) {
            try failpoints.pass("\(entry.step.job.step).afterCommit")
        }
        return (recorded, claim)
    }

    /// What was done but not recorded when the loop ended.
    private func recordLast(_ finished: [DoneStep], into steps: inout DiscardingTaskGroup) async {
        var rest = finished[...]
        while let first = rest.first {
            let batch = Array(rest.prefix(configuration.claimBatch))
            rest = rest.dropFirst(batch.count)
            do {
                let (recorded, _) = try await recordAndClaim(batch, of: first.step.pool, upTo: nil, into: &steps)
                give(back: recorded.count)
            } catch {
                logger.warning("could not record together", metadata: ["error": "\(error)"])
            }
        }
    }

    private func recordAlone(_ entry: DoneStep) async {
        await recordUntilStored(.done(entry.recording), of: entry.step, spent: nil)
        forget(entry.step)
    }

    private func give(back count: Int) {
        let hungry = slots.withLock { $0.release(count) }
        for pool in hungry.sorted() { bells[pool]?.ring() }
    }

    /// Sleeps at most five seconds: a pause may be lifted meanwhile by a process whose wake-up was lost.
    func ring(_ bell: Bell, after pause: Duration, if isWanted: @Sendable () -> Bool) async {
        try? await clock.sleep(for: min(pause, .seconds(5)))  // Ended early by a shutdown.
        if isWanted() { bell.ring() }
    }
}
