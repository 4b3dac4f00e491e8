import Logging
import Synchronization

extension Worker {
    /// One loop a pool: claims when the bell rings, and lets what it claimed run beside it.
    func claimSteps(of pool: PoolID, wokenBy bell: Bell) async {
        await withDiscardingTaskGroup { steps in
            bell.ring()
            for await _ in bell.rings {
                guard !isDraining, !Task.isCancelled else { break }
                await claimOnce(pool, bell: bell, into: &steps)
            }
        }
    }

    private func claimOnce(_ pool: PoolID, bell: Bell, into steps: inout DiscardingTaskGroup) async {
        let wanted = slots.withLock { $0.reserve(upTo: configuration.claimBatch, for: pool) }
        guard wanted > 0 else { return }
        var unused = wanted
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
            // A full claim and a contended one look again at once; otherwise the pool says when.
            if let pause = claim.isContended ? .milliseconds(10) : claim.steps.count == wanted ? .zero : claim.nextIn {
                steps.addTask { await self.ring(bell, after: pause) }
            }
        } catch is CancellationError {
        } catch {
            logger.warning("claim failed, will try again", metadata: ["pool": "\(pool)", "error": "\(error)"])
        }
        give(back: unused)
    }

    private func give(back count: Int) {
        let hungry = slots.withLock { $0.release(count) }
        for pool in hungry { bells[pool]?.ring() }
    }

    private func ring(_ bell: Bell, after pause: Duration) async {
        if pause > .zero { try? await clock.sleep(for: min(pause, .seconds(5))) }  // Ended early by a shutdown.
        bell.ring()
    }
}
