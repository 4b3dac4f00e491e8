import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `A worker` {
    /// A step that only ends when it is told to.
    static let endless: Errand = {
        var errand = Errand { _, _, context in
            try await context.clock.sleep(for: .seconds(600))
            return "never"
        }
        errand.policy = StepPolicy(timeout: .seconds(600), attemptsMax: 3)
        return errand
    }()

    @Test(arguments: DatabaseFixture.every)
    func `takes jobs through steps, waits and sleeps to their end`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withRunningEngine({ $0.pools = [.counted(), PoolDefinition("free")] }) { bench in
            let tenant = try await bench.tenant()
            var ids: [JobID] = []
            for _ in 0..<5 {
                ids.append(
                    try await bench.enqueue(
                        [
                            .run("first", pool: "model", cost: 1), .sleep(milliseconds: 5),
                            .run("second", pool: "free", cost: 1), .wait("go#1", timeoutMilliseconds: 60_000),
                            .run("third", pool: "model", cost: 1),
                        ], for: tenant))
            }

            try await bench.withWorker { worker in
                for id in ids {
                    try await eventually { try await bench.row(id).waitFor == "go#1" }
                    try await bench.signal(id, "go#1")
                }
                for id in ids { try await eventually { try await bench.state(id) == .succeeded } }
                try await eventually { worker.runningCount == 0 }
            }

            for pool: PoolName in ["model", "free"] { _ = try await bench.claim(pool) }
            try await bench.expectSoundBooks(afterRaces: true)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `fills its slots at once, however many tenants have one job each`(_ fixture: DatabaseFixture) async throws {
        let workflow = Self.endless
        try await fixture.withRunningEngine({ $0.workflows = [workflow] }) { bench in
            for index in 0..<90 { try await bench.enqueue(for: bench.tenant("tenant \(index)")) }

            try await bench.withWorker(clock: SlowClock(), { $0.slots = 60 }) { worker in
                try await eventually { worker.runningCount == 60 }
            }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `follows a site's own pace without waiting for the next poll`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withRunningEngine({
            $0.pools = [.make("site") { $0.lane.requestsPerMinute = 600 }]
        }) { bench in
            try await bench.enqueue(5, on: "site", for: bench.tenant())

            try await bench.withWorker({ $0.poll = .seconds(600) }) { _ in
                try await eventually {
                    try await bench.number("select cast(count(*) as double precision) from jobs where state = 3") == 5
                }
            }

            let starts = try await bench.database.read {
                try $0.values("select started_at from steps order by started_at", as: Int64.self)
            }
            for (earlier, later) in zip(starts, starts.dropFirst()) { #expect(later - earlier >= 99) }
        }
    }

    @Test func `is not woken more often the longer a pool is used up`() async throws {
        try await DatabaseFixture.memory.withRunningEngine({
            $0.pools = [.make("model") { $0.requestsPerMinute = 600 }]
            $0.database = CountingDatabase(base: $0.database)
        }) { bench in
            let tally = try #require(bench.engine.database as? CountingDatabase).tally
            let tenant = try await bench.tenant()
            let pool = try bench.engine.pools.entry("model").id
            try await bench.enqueue(500, on: "model", for: tenant)

            try await bench.withWorker({
                $0.poll = .seconds(60)
                $0.rescueEvery = .seconds(60)
            }) { _ in
                for _ in 0..<200 {
                    await bench.engine.notifications.post(Channel.pool(pool), "")
                    try await Task.sleep(for: .milliseconds(2))
                }
                let before = tally.count
                try await Task.sleep(for: .seconds(1))
                // Ten steps a second: for each a look, a claim, its history and a record, and as many looks in vain.
                #expect(tally.count - before < 150)
            }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `that is drained finishes what it can, hands back the rest and burns no attempt`(
        _ fixture: DatabaseFixture
    ) async throws {
        var errand = Errand { step, _, context in
            try await context.clock.sleep(for: step == .first ? .milliseconds(100) : .seconds(600))
            return "done"
        }
        errand.policy = StepPolicy(timeout: .seconds(600))
        let workflow = errand
        try await fixture.withRunningEngine({ $0.workflows = [workflow] }) { bench in
            let tenant = try await bench.tenant()
            let quick = try await bench.enqueue([.run("first", pool: "free", cost: 1)], for: tenant)
            let slow = try await bench.enqueue([.run("second", pool: "free", cost: 1)], for: tenant)

            var configuration = WorkerConfiguration(name: "w", version: "1")
            configuration.drainTimeout = .seconds(1)
            let worker = Worker(configuration, engine: bench.engine, clock: ContinuousClock())
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await worker.run() }
                try await eventually { worker.runningCount == 2 }

                let begin = ContinuousClock.now
                worker.drain()
                try await group.waitForAll()
                #expect(ContinuousClock.now - begin < .seconds(30))  // a machine under load, and a step of ten minutes
            }

            #expect(try await bench.state(quick) == .succeeded)
            #expect(try await bench.state(slow) == .ready)
            #expect(try await bench.row(slow).attempt == 0)
            #expect(try await bench.events(slow).last == .released)
            #expect(try await bench.number("select cast(min(stopped_at) as double precision) from workers") > 0)
            try await bench.expectSoundBooks(afterRaces: true)
        }
    }

    @Test func `with nothing to do leaves at once`() async throws {
        try await DatabaseFixture.memory.withRunningEngine({
            $0.pools = [.make("model") { $0.requestsPerMinute = 1 }]
        }) { bench in
            try await bench.enqueue(3, on: "model", for: bench.tenant())
            let worker = Worker(
                WorkerConfiguration(name: "w", version: "1"), engine: bench.engine, clock: SlowClock())
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await worker.run() }
                // Its alarm for the next permit, a minute away, is set by now.
                try await eventually {
                    try await bench.number("select cast(count(*) as double precision) from jobs where state = 3") == 1
                }

                worker.drain()
                let begin = ContinuousClock.now
                try await group.waitForAll()
                #expect(ContinuousClock.now - begin < .seconds(60))
            }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `stops a step that is too slow, and tries it again later`(_ fixture: DatabaseFixture) async throws {
        var errand = Self.endless
        errand.policy = StepPolicy(
            timeout: .milliseconds(30), attemptsMax: 2, backoff: Backoff(first: .milliseconds(10)))
        let workflow = errand
        try await fixture.withRunningEngine({ $0.workflows = [workflow] }) { bench in
            let id = try await bench.enqueue(for: bench.tenant())

            try await bench.withWorker { _ in try await eventually { try await bench.state(id) == .failed } }

            #expect(try await bench.engine.job(id)?.failureCode == "step.timed_out")
            #expect(try await bench.events(id).count { $0 == .started } == 2)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `loses a step that ignores its deadline, as if it had died of it`(_ fixture: DatabaseFixture) async throws {
        let calls = Mutexed(0)
        let (way, opening) = AsyncStream.makeStream(of: Void.self)
        var errand = Errand { _, _, _ in
            let call = calls.withLock { calls in
                calls += 1
                return calls
            }
            // Deaf to its cancellation, as a loop is that neither waits nor looks.
            if call == 1 { await Task { for await _ in way {} }.value }
            return "done"
        }
        errand.policy = StepPolicy(timeout: .milliseconds(500), attemptsMax: 5)
        let workflow = errand
        try await fixture.withRunningEngine({ $0.workflows = [workflow] }) { bench in
            let id = try await bench.enqueue(for: bench.tenant())

            try await bench.withWorker(
                // Long enough that a busy machine does not lose the second call as well.
                { $0.lease = .seconds(4) },
                body: { _ in
                    try await eventually { try await bench.state(id) == .succeeded }
                    opening.finish()
                })

            #expect(try await bench.events(id).contains(.rescued))
            #expect(calls.withLock(\.self) == 2)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `stops a step whose job was cancelled, and books what it had spent`(_ fixture: DatabaseFixture) async throws {
        var errand = Self.endless
        errand.perform = { _, _, context in
            context.meter.add(.make(cost: 3))
            try await context.clock.sleep(for: .seconds(600))
            return "never"
        }
        let workflow = errand
        try await fixture.withRunningEngine({ $0.workflows = [workflow] }) { bench in
            let id = try await bench.enqueue(for: bench.tenant())

            try await bench.withWorker { worker in
                try await eventually { worker.runningCount == 1 }
                try await bench.cancel(id)
                try await eventually { worker.runningCount == 0 }
            }

            #expect(try await bench.state(id) == .cancelled)
            #expect(try await bench.number("select sum(cost) from late_costs") == 3)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `takes a step's own cancellation for a failure, not for a shutdown`(_ fixture: DatabaseFixture) async throws {
        var errand = Errand { _, _, _ in throw CancellationError() }
        errand.policy = StepPolicy(attemptsMax: 2, backoff: Backoff(first: .milliseconds(5)))
        let workflow = errand
        try await fixture.withRunningEngine({ $0.workflows = [workflow] }) { bench in
            let id = try await bench.enqueue(for: bench.tenant())

            try await bench.withWorker { _ in try await eventually { try await bench.state(id) == .failed } }

            #expect(try await bench.engine.job(id)?.failureCode == "step.failed")
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `puts a job of a kind or step it does not know aside for another version`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withRunningEngine { bench in
            let newer = try await bench.another { $0.workflows = [Errand(), RareErrand()] }
            let tenant = try await bench.tenant()
            let strange = try await newer.transaction { transaction, wakes in
                try newer.enqueue(
                    Errand.Input([.run("first", pool: "free", cost: 1)]), as: RareErrand.self, for: tenant,
                    in: transaction, waking: wakes)
            }
            let odd = try await bench.enqueue(for: tenant)
            try await bench.database.transaction { try $0.execute("update jobs set step = 'sixth' where id = \(odd)") }
            let known = try await bench.enqueue(for: tenant)

            try await bench.withWorker { _ in
                for id in [strange, odd] { try await eventually { try await bench.state(id) == .waiting } }
                try await eventually { try await bench.state(known) == .succeeded }
                for id in [strange, odd] {
                    #expect(try await bench.row(id).attempt == 0)
                    let standing = try await bench.standing(id)
                    #expect(standing.reason == .noWorker)
                    #expect(try #require(standing.startsIn).upperBound > .seconds(20))
                }
            }
            _ = try await bench.claim()
            try await bench.expectSoundBooks(afterRaces: true)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `fails a step whose result cannot be stored, and goes on with the others`(
        _ fixture: DatabaseFixture
    ) async throws {
        var errand = Errand()
        errand.policy = StepPolicy(attemptsMax: 1)
        errand.rows = { _, job, transaction in
            if job.input.note == "bad" { try transaction.execute("insert into no_such_table values (1)") }
        }
        let workflow = errand
        try await fixture.withRunningEngine({ $0.workflows = [workflow] }) { bench in
            let tenant = try await bench.tenant()
            let bad = try await bench.enqueue(for: tenant, note: "bad")
            let good = try await bench.enqueue(for: tenant)

            try await bench.withWorker { _ in
                for id in [bad, good] { try await eventually { try await !bench.state(id).isActive } }
            }

            #expect(try await bench.state(good) == .succeeded)
            let job = try #require(try await bench.engine.job(bad))
            #expect(job.failureCode == "step.unrecordable")
            #expect(job.failureMessage == "The step's result could not be stored (database.statement).")
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `fails a job whose input it cannot read`(_ fixture: DatabaseFixture) async throws {
        var errand = Errand()
        errand.policy = StepPolicy(attemptsMax: 2, backoff: Backoff(first: .milliseconds(5)))
        errand.announces = [.first]
        let workflow = errand
        try await fixture.withRunningEngine({ $0.workflows = [workflow] }) { bench in
            let id = try await bench.enqueue(for: bench.tenant())
            try await bench.database.transaction { try $0.execute("update jobs set input = '{}' where id = \(id)") }

            try await bench.withWorker { _ in try await eventually { try await bench.state(id) == .failed } }

            #expect(try await bench.engine.job(id)?.failureCode == "step.failed")
        }
    }
}
