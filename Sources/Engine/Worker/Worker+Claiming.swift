import Logging
import Synchronization

extension Worker {
    /// One loop a pool: claims when the bell rings, and lets what it claimed run beside it.
    func claimSteps(of pool: PoolID, wokenBy bell: Bell) async {
        let alarm = Alarm()
        await withDiscardingTaskGroup { alarms in
            await withDiscardingTaskGroup { steps in
                bell.ring()
                for await _ in bell.rings {
                    guard !isDraining, !Task.isCancelled else { break }
                    guard let pause = await claimOnce(pool, bell: bell, into: &steps) else { continue }
                    guard pause > .zero else {
                        bell.ring()
                        continue
                    }
                    let setting = alarm.set()
                    alarms.addTask { await self.ring(bell, after: pause) { alarm.isCurrent(setting) } }
                }
            }
            alarms.cancelAll()
        }
    }

    /// - Returns: when to look again, should nothing else ring before.
    private func claimOnce(_ pool: PoolID, bell: Bell, into steps: inout DiscardingTaskGroup) async -> Duration? {
        let wanted = slots.withLock { $0.reserve(upTo: configuration.claimBatch, for: pool) }
        guard wanted > 0 else { return nil }
        var unused = wanted
        defer { give(back: unused) }
        do {
            let claim = try await engine.claim(pool, upTo: wanted, lease: configuration.lease)
            unused = wanted - claim.steps.count
            for step in claim.steps {
                let stops = running.insert(step.job.id, fence: step.job.fence)
                steps.addTask {
                    await self.perform(step, stops: stops)
                    self.running.remove(step.job.id, fence: step.job.fence)
                    self.give(back: 1)
                    bell.ring()  // The step has left its lane: a cap may have room again.
                }
            }
            if claim.steps.count == wanted || claim.mayHaveMore { return .zero }
            return claim.isContended ? .milliseconds(10) : claim.nextIn
        } catch is CancellationError {
            return nil
        } catch {
            logger.warning("claim failed, will try again", metadata: ["pool": "\(pool)", "error": "\(error)"])
            return configuration.poll
        }
    }

    private func give(back count: Int) {
        let hungry = slots.withLock { $0.release(count) }
        for pool in hungry { bells[pool]?.ring() }
    }

    /// Sleeps at most five seconds: a pause may be lifted meanwhile by a process whose wake-up was lost.
    func ring(_ bell: Bell, after pause: Duration, if isWanted: @Sendable () -> Bool) async {
        try? await clock.sleep(for: min(pause, .seconds(5)))  // Ended early by a shutdown.
        if isWanted() { bell.ring() }
    }
}
