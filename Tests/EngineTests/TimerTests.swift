import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `A timer` {
    @Test(arguments: DatabaseFixture.every)
    func `starts in its place what was scheduled for later`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            let id = try await bench.enqueue(for: bench.tenant(), notBefore: EngineClock.beginning + 5000)
            #expect(try await bench.state(id) == .waiting)
            #expect(try await bench.engine.nextTimer() == .seconds(5))
            #expect(try await bench.claim().steps.isEmpty)

            try await clock.advance(by: .seconds(5))

            #expect(try await bench.engine.nextTimer() == nil)  // it is due, so nothing is still to come
            #expect(try await bench.engine.runTimers() == 1)
            #expect(try await bench.claimOne().job.id == id)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `asks the plan when a wait has taken too long`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            let id = try await bench.enqueue(
                [.wait("go#1", timeoutMilliseconds: 60_000), .run("first", pool: "free", cost: 1)], for: bench.tenant())

            try await clock.advance(by: .seconds(60))
            #expect(try await bench.engine.runTimers() == 1)

            #expect(try await bench.row(id).step == "first")
            #expect(try await bench.signal(id, "go#1") == .early)  // too late for this wait; kept
            #expect(try await bench.claim().steps.count == 1)
            #expect(try await bench.events(id) == [.enqueued, .woken, .started])
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is off once the signal has come`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            let id = try await bench.enqueue(
                [.wait("go#1", timeoutMilliseconds: 60_000), .run("first", pool: "free", cost: 1)], for: bench.tenant())
            #expect(try await bench.signal(id, "go#1") == .woke)

            try await clock.advance(by: .seconds(60))

            #expect(try await bench.engine.runTimers() == 0)
            #expect(try await bench.claim().steps.count == 1)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `ends a sleep`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            let id = try await bench.enqueue(
                [
                    .run("first", pool: "free", cost: 1), .sleep(milliseconds: 3000),
                    .run("second", pool: "free", cost: 1),
                ], for: bench.tenant())
            try await bench.record(bench.claimOne())
            #expect(try await bench.state(id) == .waiting)

            try await clock.advance(by: .seconds(3))
            _ = try await bench.engine.runTimers()

            #expect(try await bench.row(id).step == "second")
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `and a signal at the same moment move the job on once`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            let tenant = try await bench.tenant()
            for _ in 0..<10 {
                let id = try await bench.enqueue(
                    [.wait("go#1", timeoutMilliseconds: 10), .run("first", pool: "free", cost: 1)], for: tenant)
                try await clock.advance(by: .milliseconds(10))

                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try await bench.engine.runTimers() }
                    group.addTask { try await bench.signal(id, "go#1") }
                    try await group.waitForAll()
                }

                #expect(try await bench.events(id).count { $0 == .woken } == 1)
                try await bench.record(bench.claimOne())
                #expect(try await bench.state(id) == .succeeded)
            }
            _ = try await bench.claim()
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `wakes many, a hundred at a time`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            let tenant = try await bench.tenant()
            try await bench.engine.transaction { transaction, wakes in
                for _ in 0..<150 {
                    try bench.engine.enqueue(
                        Errand.Input([.run("first", pool: "free", cost: 1)]), as: Errand.self, for: tenant,
                        notBefore: EngineClock.beginning + 1, in: transaction, waking: wakes)
                }
            }
            try await clock.advance(by: .seconds(1))

            #expect(try await bench.engine.runTimers() == 100)
            #expect(try await bench.engine.runTimers() == 50)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `of a kind that this process does not know is left alone, and holds up no other`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withEngine { bench, clock in
            let newer = try await bench.another { $0.workflows = [Errand(), RareErrand()] }
            let tenant = try await bench.tenant()
            let strange = try await newer.transaction { transaction, wakes in
                try newer.enqueue(
                    Errand.Input([.sleep(milliseconds: 1), .run("first", pool: "free", cost: 1)]), as: RareErrand.self,
                    for: tenant, in: transaction, waking: wakes)
            }
            let known = try await bench.enqueue(
                [.sleep(milliseconds: 2), .run("first", pool: "free", cost: 1)], for: tenant)
            try await clock.advance(by: .seconds(1))

            #expect(try await bench.engine.runTimers() == 1)

            #expect(try await bench.state(known) == .ready)
            #expect(try await bench.state(strange) == .waiting)
            #expect(try await newer.runTimers() == 1)
            #expect(try await bench.state(strange) == .ready)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `whose product rows cannot be written holds up no other`(_ fixture: DatabaseFixture) async throws {
        struct Refusal: Error {}
        var errand = Errand()
        errand.project = { change, job, _ in
            if job.input.note == "bad", change.hasPrefix("queued") { throw Refusal() }
        }
        let workflow = errand
        try await fixture.withEngine({ $0.workflows = [workflow] }) { bench, clock in
            let tenant = try await bench.tenant()
            let plan: [Errand.Action] = [.sleep(milliseconds: 1), .run("first", pool: "free", cost: 1)]
            let bad = try await bench.enqueue(plan, for: tenant, note: "bad")
            let good = try await bench.enqueue(plan, for: tenant)
            try await clock.advance(by: .seconds(1))

            #expect(try await bench.engine.runTimers() == 1)

            #expect(try await bench.state(good) == .ready)
            #expect(try await bench.state(bad) == .waiting)
            #expect(try await bench.engine.nextTimer() == nil)
        }
    }
}
