import Database
import Logging

extension Worker {
    /// Renews leases every third of a lease, and says that this worker lives.
    func beatHearts() async {
        await every(configuration.lease / 3, "heartbeat") {
            try self.failpoints.pass("heartbeat")
            try await self.engine.beat(running: self.running.count)
            _ = try await self.engine.noteSession()
            // A lease that has just begun lasts beyond the next beat.
            await self.renewLeases(olderThan: self.configuration.lease / 3)
        }
    }

    /// Renews the leases of what runs; a step whose lease is gone is stopped, so that no more is spent on it.
    func renewLeases(olderThan age: Duration = .zero) async {
        let fences = running.leases(since: stopwatch.elapsed() - age)
        guard !fences.isEmpty else { return }
        do {
            let held = try await engine.renew(fences, for: configuration.lease)
            for (job, fence) in fences.sorted(by: { $0.key < $1.key }) where held[job] != fence {
                running.stop(job, fence: fence, because: .leaseLost)
            }
        } catch {
            // While the database is away nobody else can take the steps; the fence decides afterwards.
            logger.warning("could not renew leases", metadata: ["steps": "\(fences.count)", "error": "\(error)"])
        }
    }

    /// Sends on what would wait too long in pools that have a fallback.
    func relievePools() async {
        await every(.seconds(1), "relief of pools") { try await self.engine.relievePools() }
    }

    /// Removes what has outlived its use, now and then.
    func tidyUp() async {
        await every(.seconds(600), "tidying up") { try await self.engine.tidy() }
    }

    /// Takes back the steps of dead workers: at the second look that misses a session, or when a lease has run out.
    ///
    /// After an absence of the database every lease may have run out, and sessions are coming back: the living get the
    /// time of two heartbeats, or what they hold would be paid for again.
    func rescueOthers() async {
        var missing: Set<Incarnation> = []
        var leasesCountFrom = Duration.zero
        var isSessionNoted = false
        while !Task.isCancelled {
            do {
                if !isSessionNoted { isSessionNoted = try await engine.noteSession() }
                let absent = try await engine.absentWorkers()
                let dead = engine.isAbsenceProven ? absent : absent.intersection(missing)
                missing = absent
                let judgesLeases = stopwatch.elapsed() >= leasesCountFrom
                while try await engine.rescue(deadWorkers: dead.sorted(), judgesLeases: judgesLeases) >= 100 {}
                try await clock.sleep(for: engine.random.jittered(configuration.rescueEvery))
            } catch is CancellationError {
                return
            } catch {
                logger.warning("rescue failed, will try again", metadata: ["error": "\(error)"])
                missing = []
                leasesCountFrom = stopwatch.elapsed() + configuration.lease * 2 / 3
                try? await clock.sleep(for: configuration.poll)  // A cancellation is seen at the loop's head.
            }
        }
    }

    /// Wakes jobs whose time has come, and looks for work that no wake-up told of.
    func sweep() async {
        let alarm = Alarm()
        await withDiscardingTaskGroup { alarms in
            alarms.addTask {
                await self.every(self.configuration.poll, "poll") {
                    for pool in try await self.engine.poolsWithWork() { self.bells[pool]?.ring() }
                    self.sweepBell.ring()
                }
            }
            sweepBell.ring()
            for await _ in sweepBell.rings {
                do {
                    while try await engine.runTimers() >= 100 {}
                    // The poll rings every second anyway; only a nearer timer needs an alarm of its own.
                    if let next = try await engine.nextTimer(), next < configuration.poll {
                        let setting = alarm.set()
                        alarms.addTask {
                            await self.ring(self.sweepBell, after: next + .milliseconds(1)) { alarm.isCurrent(setting) }
                        }
                    }
                } catch is CancellationError {
                    break
                } catch {
                    logger.warning("timers failed, will try again", metadata: ["error": "\(error)"])
                }
            }
            alarms.cancelAll()
        }
    }

    /// Stops steps whose time is up: one alarm for all of them, set for the next.
    func watchDeadlines() async {
        let alarm = Alarm()
        await withDiscardingTaskGroup { alarms in
            for await _ in deadlineBell.rings {
                guard let next = running.stopLate(at: stopwatch.elapsed()) else { continue }
                let setting = alarm.set()
                alarms.addTask { await self.ring(self.deadlineBell, after: next) { alarm.isCurrent(setting) } }
            }
            alarms.cancelAll()
        }
    }
}
