import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `A rescue` {
    @Test(arguments: DatabaseFixture.every)
    func `takes back a step whose lease has run out, under a new fence`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            let id = try await bench.enqueue(for: bench.tenant())
            _ = try await bench.claimOne()
            #expect(try await bench.engine.rescue() == 0)

            try await clock.advance(by: .milliseconds(16_001))

            #expect(try await bench.engine.rescue() == 1)
            #expect(try await bench.engine.rescue() == 0)
            let step = try await bench.claimOne()
            #expect(step.job.id == id)
            #expect(step.job.fence == 3)
            #expect(try await bench.events(id) == [.enqueued, .started, .rescued, .started])
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `judges no lease after an absence in which nobody could renew it`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            try await bench.enqueue(for: bench.tenant())
            _ = try await bench.claimOne()
            try await clock.advance(by: .milliseconds(16_001))

            #expect(try await bench.engine.rescue(judgesLeases: false) == 0)
            #expect(try await bench.engine.rescue(judgesLeases: true) == 1)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `puts back what its own worker has claimed without knowing it, as if unclaimed`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withEngine { bench, _ in
            try await bench.enqueue(3, for: bench.tenant())
            let known = try await bench.claimOne()
            _ = try await bench.claim(upTo: 2)
            let pool = try bench.engine.pools.entry("free").id

            let count = try await bench.engine.putBackUnknown(of: pool, knowing: [known.job.id: known.job.fence])

            #expect(count == 2)
            try await bench.expectSoundBooks()
            #expect(try await bench.record(known) == .recorded)
            for step in try await bench.claim(upTo: 2).steps {
                #expect(step.job.attempt == 1)
                #expect(step.job.fence == 2, "a hand-over raises no fence")
                #expect(try await bench.events(step.job.id) == [.enqueued, .started, .released, .started])
            }
            #expect(try await bench.engine.putBackUnknown(of: pool, knowing: [:]) == 2)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `leaves a step whose lease was renewed`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            try await bench.enqueue(for: bench.tenant())
            let step = try await bench.claimOne()
            try await clock.advance(by: .seconds(14))

            let held = try await bench.engine.renew([step.job.id: step.job.fence], for: .seconds(15))
            try await clock.advance(by: .seconds(14))

            #expect(held == [step.job.id: step.job.fence])
            #expect(try await bench.engine.rescue() == 0)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `shows in the next renewal of whoever lost the step`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            let tenant = try await bench.tenant()
            try await bench.enqueue(2, for: tenant)
            let steps = try await bench.claim(upTo: 2).steps
            let kept = steps[0].job
            let lost = steps[1].job
            try await bench.cancel(lost.id)

            let held = try await bench.engine.renew([kept.id: kept.fence, lost.id: lost.fence], for: .seconds(15))

            #expect(held == [kept.id: kept.fence])
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `never shortens a lease`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            try await bench.enqueue(for: bench.tenant())
            let step = try await bench.claimOne(lease: .seconds(60))

            _ = try await bench.engine.renew([step.job.id: step.job.fence], for: .seconds(1))

            let lease = try await bench.number("select cast(lease_until as double precision) from jobs")
            #expect(lease == EngineClock.beginning + 61_000)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `sets a job aside that has cost three workers their lives, and it alone`(_ fixture: DatabaseFixture)
        async throws
    {
        try await fixture.withEngine { bench, clock in
            let tenant = try await bench.tenant()
            let poison = try await bench.enqueue(for: tenant)
            for round in 1...3 {
                let step = try await bench.claimOne()
                #expect(step.job.attempt == round)  // counted before it runs
                if round == 3 { #expect(try await bench.engine.beginSuspect(step)) }
                try await clock.advance(by: .seconds(20))
                if round == 3 { try await bench.enqueue(for: tenant) }
                #expect(try await bench.engine.rescue() == 1)
            }

            let job = try #require(try await bench.engine.job(poison))
            #expect(job.state == .failed)
            #expect(job.failureCode == "job.poisoned")
            #expect(job.failureMessage == "Its worker died 3 times during the step first.")
            #expect(try await bench.claim().steps.count == 1)
            try await bench.expectSoundBooks()

            try await bench.retry(poison)
            try await bench.record(bench.claimOne())
            #expect(try await bench.state(poison) == .succeeded)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `spares those who were in bad company when a worker died, however often`(_ fixture: DatabaseFixture)
        async throws
    {
        try await fixture.withEngine { bench, clock in
            try await bench.engine.announceWorker(name: "w", version: "1", slots: 50)
            let jobs = try await bench.enqueue(12, for: bench.tenant())
            let poison = jobs[6]
            var (crashes, rounds) = (0, 0)

            // A worker claims all there is and begins; the poison kills it before anything else has ended.
            while try await bench.number(Self.active) > 0, rounds < 100 {
                var begun: [ClaimedStep] = []
                for step in try await bench.claim().steps {
                    if step.crashes < bench.engine.crashesOfSuspect {
                        begun.append(step)
                    } else if try await bench.engine.beginSuspect(step) {
                        begun.append(step)
                    } else {
                        _ = try await bench.engine.postpone(step, .isSuspect, for: .seconds(4))
                        #expect(try await bench.standing(step.job.id).reason == .recovering)
                    }
                }
                if begun.contains(where: { $0.job.id == poison }) {
                    crashes += 1
                    try await clock.advance(by: .seconds(20))
                    _ = try await bench.engine.rescue()
                } else {
                    for step in begun { try await bench.record(step) }
                    try await clock.advance(by: .seconds(5))
                }
                _ = try await bench.engine.runTimers()
                rounds += 1
            }

            #expect(crashes == 3)
            for job in jobs { #expect(try await bench.state(job) == (job == poison ? .failed : .succeeded)) }
            #expect(try await bench.engine.job(poison)?.failureCode == "job.poisoned")
            try await bench.expectSoundBooks()
        }
    }

    private static let active: SQL = "select cast(count(*) as double precision) from jobs where state < 3"

    @Test(arguments: DatabaseFixture.every)
    func `does not hold a crash against a suspect that had not begun, or that came back`(_ fixture: DatabaseFixture)
        async throws
    {
        try await fixture.withEngine { bench, clock in
            let id = try await bench.enqueue(for: bench.tenant())
            for _ in 1...5 {
                _ = try await bench.claimOne()
                try await clock.advance(by: .seconds(20))
                #expect(try await bench.engine.rescue() == 1)
            }
            let suspect = try await bench.claimOne()
            #expect(suspect.crashes == 2)
            #expect(try await bench.engine.beginSuspect(suspect))

            _ = try await bench.engine.release(suspect, spent: nil)
            _ = try await bench.claimOne()
            try await clock.advance(by: .seconds(20))
            #expect(try await bench.engine.rescue() == 1)

            #expect(try await bench.state(id) == .ready)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `forgets the crashes of a step once one is recorded`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            let id = try await bench.enqueue(
                [.run("first", pool: "free", cost: 1), .run("second", pool: "free", cost: 1)], for: bench.tenant())
            for _ in 1...2 {
                _ = try await bench.claimOne()
                try await clock.advance(by: .seconds(20))
                _ = try await bench.engine.rescue()
            }
            try await bench.record(bench.claimOne())

            _ = try await bench.claimOne()
            try await clock.advance(by: .seconds(20))
            _ = try await bench.engine.rescue()

            #expect(try await bench.state(id) == .ready)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `sets a poisoned job aside although the product cannot write it`(_ fixture: DatabaseFixture) async throws {
        var errand = Errand()
        errand.project = { change, _, transaction in
            if change.hasPrefix("failed") { try transaction.execute("insert into no_such_table values (1)") }
        }
        let workflow = errand
        try await fixture.withEngine({
            $0.workflows = [workflow]
            $0.limits.crashesMax = 2
        }) { bench, clock in
            let tenant = try await bench.tenant()
            try await bench.enqueue(2, for: tenant)
            _ = try await bench.claim()
            try await clock.advance(by: .seconds(20))
            #expect(try await bench.engine.rescue() == 2)

            for _ in 1...2 {
                #expect(try await bench.engine.beginSuspect(bench.claimOne()))
                try await clock.advance(by: .seconds(20))
                #expect(try await bench.engine.rescue() == 1)
            }

            #expect(try await bench.number("select cast(count(*) as double precision) from jobs where state = 4") == 2)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `takes many back, a hundred at a time`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            try await bench.enqueue(130, for: bench.tenant())
            _ = try await bench.claim(upTo: 130)
            try await clock.advance(by: .seconds(20))

            #expect(try await bench.engine.rescue() == 100)
            #expect(try await bench.engine.rescue() == 30)
            #expect(try await bench.engine.rescue() == 0)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: [DatabaseFixture.memory, .sqlite])
    func `takes back at once what another life of the only worker left behind`(_ fixture: DatabaseFixture) async throws
    {
        try await fixture.withEngine { bench, _ in
            try await bench.engine.announceWorker(name: "old", version: "1", slots: 1)
            try await bench.enqueue(for: bench.tenant())
            _ = try await bench.claimOne()

            let next = try await bench.another()
            let dead = try await next.absentWorkers()

            #expect(dead == [bench.engine.incarnation])
            #expect(try await next.rescue(deadWorkers: dead.sorted()) == 1)
            #expect(try await next.absentWorkers().isEmpty)
            #expect(try await bench.engine.absentWorkers().isEmpty)
        }
    }

    @Test func `on PostgreSQL believes no absence of a worker that was never seen to hold a session`() async throws {
        try await DatabaseFixture.postgres.withEngine { bench, _ in
            try await bench.engine.announceWorker(name: "behind a pooler", version: "1", slots: 1)
            #expect(try await !bench.engine.noteSession())
            try await bench.enqueue(for: bench.tenant())
            _ = try await bench.claimOne()

            #expect(try await bench.another().absentWorkers().isEmpty)
        }
    }
}
