import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `A failed attempt` {
    static let model = PoolDefinition.make("model") {
        $0.costPerMinute = 60_000
        $0.costBurst = 1000
        $0.concurrency = 10
    }

    static func failure(_ retry: StepFailure.Retry, code: String = "provider.unreachable") -> StepFailure {
        StepFailure(code: code, message: "It did not answer.", hint: "Wait.", retry: retry)
    }

    @Test(arguments: DatabaseFixture.every)
    func `is tried again after a jittered pause that doubles`(_ fixture: DatabaseFixture) async throws {
        var errand = Errand()
        errand.policy = StepPolicy(attemptsMax: 10, backoff: Backoff(first: .seconds(2), longest: .seconds(60)))
        let workflow = errand
        try await fixture.withEngine({ $0.workflows = [workflow] }) { bench, clock in
            let id = try await bench.enqueue(for: bench.tenant())
            var pauses: [Double] = []
            for _ in 1...8 {
                let step = try await bench.claimOne()
                let now = try await bench.database.read { try $0.now() }
                _ = try await bench.engine.record(step, failed: Self.failure(.backoff), spent: nil)
                let row = try await bench.row(id)
                #expect(row.state == .waiting)
                pauses.append(Double(try #require(row.runAt)) - now)
                try await clock.advance(by: .seconds(60))
                #expect(try await bench.engine.runTimers() == 1)
            }

            for (index, pause) in pauses.enumerated() {
                #expect((0...min(2000 * Double(1 << index), 60_000)).contains(pause))
            }
            #expect(Set(pauses).count == pauses.count)
            #expect(try await bench.row(id).attempt == 8)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `waits as long as the provider asked for, and burns an attempt`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            let id = try await bench.enqueue(for: bench.tenant())

            _ = try await bench.engine.record(bench.claimOne(), failed: Self.failure(.after(.seconds(30))), spent: nil)

            #expect(try await bench.row(id).runAt == Int64(EngineClock.beginning) + 30_000)
            #expect(try await bench.engine.runTimers() == 0)
            try await clock.advance(by: .seconds(30))
            #expect(try await bench.engine.runTimers() == 1)
            #expect(try await bench.claimOne().job.attempt == 2)
            #expect(try await bench.events(id) == [.enqueued, .started, .retrying, .started])
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `that can never succeed ends the job, with its reason`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let id = try await bench.enqueue(for: bench.tenant())

            _ = try await bench.engine.record(
                bench.claimOne(), failed: Self.failure(.never, code: "provider.rejected"), spent: .make(cost: 3))

            let job = try #require(try await bench.engine.job(id))
            #expect(job.state == .failed)
            #expect(job.failureCode == "provider.rejected")
            #expect(job.failureHint == "Wait.")
            #expect(job.endedAt != nil)
            #expect(try await bench.number("select sum(cost) from late_costs") == 3)
            #expect(try await bench.events(id).last == .failed)
            _ = try await bench.claim()
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is the last when its attempts are used up`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            let id = try await bench.enqueue(for: bench.tenant())

            for _ in 1...3 {
                _ = try await bench.engine.record(bench.claimOne(), failed: Self.failure(.backoff), spent: nil)
                try await clock.advance(by: .seconds(600))
                _ = try await bench.engine.runTimers()
            }

            #expect(try await bench.state(id) == .failed)
            #expect(try await bench.engine.job(id)?.failureCode == "provider.unreachable")
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `that was refused pauses the pool for everyone, burns nothing and is refunded`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withEngine({ $0.pools = [Self.model] }) { bench, clock in
            let refused = try await bench.enqueue(
                [.run("first", pool: "model", cost: 1000)], for: bench.tenant("one"))
            let step = try await bench.claimOne("model")
            try await bench.enqueue(1, costing: 1000, on: "model", for: bench.tenant("two"))

            _ = try await bench.engine.record(step, failed: Self.failure(.refused(.seconds(20))), spent: nil)

            let row = try await bench.row(refused)
            #expect(row.state == .ready)
            #expect(row.attempt == 0)
            let paused = try await bench.claim("model")
            #expect(paused.steps.isEmpty)
            #expect(paused.nextIn == .seconds(19))
            try await clock.advance(by: .seconds(20))
            // The 1,000 that the refused call was charged are there again, so one starts now and one a second later.
            let steps = try await bench.claim("model").steps
            #expect(steps.map(\.delay) == [.zero, .seconds(1)])
            #expect(try await bench.events(refused).contains(.refused))
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `that was refused to its tenant alone waits and burns nothing, and the others go on`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withEngine { bench, clock in
            let id = try await bench.enqueue(for: bench.tenant("one"))
            let step = try await bench.claimOne()
            let other = try await bench.enqueue(for: bench.tenant("two"))

            _ = try await bench.engine.record(
                step, failed: Self.failure(.refusedToTenant(.seconds(20))), spent: nil)

            let row = try await bench.row(id)
            #expect(row.state == .waiting)
            #expect(row.attempt == 0)
            #expect(try await bench.claimOne().job.id == other)
            #expect(try await bench.engine.runTimers() == 0)
            try await clock.advance(by: .seconds(20))
            #expect(try await bench.engine.runTimers() == 1)
            #expect(try await bench.claimOne().job.attempt == 1)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `that was refused for no time at all still pauses the pool`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            try await bench.enqueue(for: bench.tenant())

            _ = try await bench.engine.record(bench.claimOne(), failed: Self.failure(.refused(.zero)), spent: nil)

            #expect(try await bench.claimOne().delay >= .milliseconds(100))
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `can be absorbed: the job goes on without the step`(_ fixture: DatabaseFixture) async throws {
        var errand = Errand()
        errand.absorbs = [.first]
        let workflow = errand
        try await fixture.withEngine({ $0.workflows = [workflow] }) { bench, _ in
            let id = try await bench.enqueue(
                [.run("first", pool: "free", cost: 1), .run("second", pool: "free", cost: 1)], for: bench.tenant())

            _ = try await bench.engine.record(bench.claimOne(), failed: Self.failure(.never), spent: .make(cost: 2))

            #expect(try await bench.row(id).step == "second")
            let recorded = try #require(try await bench.engine.steps(of: id).first)
            #expect(recorded.wasAbsorbed)
            #expect(recorded.cost == 2)
            #expect(try await bench.events(id).contains(.absorbed))
            try await bench.record(bench.claimOne())
            #expect(try await bench.engine.job(id)?.failureCode == nil)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `leaves no trace on a job that succeeds afterwards`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            let id = try await bench.enqueue(for: bench.tenant())
            _ = try await bench.engine.record(bench.claimOne(), failed: Self.failure(.backoff), spent: nil)
            try await clock.advance(by: .seconds(10))
            _ = try await bench.engine.runTimers()

            try await bench.record(bench.claimOne())

            let job = try #require(try await bench.engine.job(id))
            #expect(job.state == .succeeded)
            #expect(job.failureCode == nil)
            #expect(job.failureHint == nil)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `whose lease was lost changes nothing, and books its cost once`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            let id = try await bench.enqueue(for: bench.tenant())
            let stale = try await bench.claimOne()
            try await bench.cancel(id)

            for retry: StepFailure.Retry in [
                .never, .backoff, .refused(.seconds(1)), .refusedToTenant(.seconds(1)), .after(.seconds(1)),
            ] {
                let outcome = try await bench.engine.record(
                    stale, failed: Self.failure(retry), spent: .make(cost: 4))
                #expect(outcome == .leaseLost)
            }
            #expect(try await bench.engine.release(stale, spent: .make(cost: 4)) == .leaseLost)

            #expect(try await bench.state(id) == .cancelled)
            #expect(try await bench.number("select sum(cost) from late_costs") == 4)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is put back by a shutdown as if it had not been claimed`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [Self.model] }) { bench, _ in
            let id = try await bench.enqueue([.run("first", pool: "model", cost: 1000)], for: bench.tenant())

            let outcome = try await bench.engine.release(bench.claimOne("model"), spent: nil)

            #expect(outcome == .recorded)
            let row = try await bench.row(id)
            #expect(row.state == .ready)
            #expect(row.attempt == 0)
            try await bench.expectSoundBooks()
            // Its call may have been made, so what it was charged stays charged.
            #expect(try await bench.claimOne("model").delay == .seconds(1))
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `that is put back before its start is refunded`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [Self.model] }) { bench, _ in
            try await bench.enqueue(2, costing: 1000, on: "model", for: bench.tenant())
            let steps = try await bench.claim("model").steps

            _ = try await bench.engine.release(#require(steps.last), spent: nil)

            #expect(try await bench.claimOne("model").delay == .seconds(1))
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `gets through even when the product cannot write it`(_ fixture: DatabaseFixture) async throws {
        var errand = Errand()
        errand.project = { change, _, transaction in
            if change.hasPrefix("failed") { try transaction.execute("insert into no_such_table values (1)") }
        }
        let workflow = errand
        try await fixture.withEngine({ $0.workflows = [workflow] }) { bench, _ in
            let id = try await bench.enqueue(for: bench.tenant())

            _ = try await bench.engine.record(bench.claimOne(), failed: Self.failure(.never), spent: nil)

            #expect(try await bench.state(id) == .failed)
        }
    }

    @Test func `keeps to the part of the bound that its backoff spreads over`() {
        let random = RandomSource(EngineChance(seed: 5))
        let backoff = Backoff(first: .seconds(30), longest: .seconds(600), spread: 0.8...1.2)
        let first = (0..<200).map { _ in backoff.delay(attempt: 1, random: random) }
        let last = (0..<200).map { _ in backoff.delay(attempt: 9, random: random) }

        #expect(first.allSatisfy { (.seconds(24) ... .seconds(36)).contains($0) })
        #expect(last.allSatisfy { (.seconds(480) ... .seconds(720)).contains($0) })
        #expect((first.max() ?? .zero) - (first.min() ?? .zero) > .seconds(9))
    }

    @Test func `shows nothing of an error that does not classify itself`() {
        struct Leak: Error, CustomStringConvertible { var description: String { "the secret prompt" } }

        let failure = StepFailure.unclassified(Leak())

        #expect(failure.code == "step.failed")
        #expect(!failure.description.contains("secret"))
        #expect(failure.message == "The step failed with Leak.")
        #expect(failure.retry == .backoff)
    }

    @Test(arguments: DatabaseFixture.every)
    func `can be stored whatever is in its text`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let id = try await bench.enqueue(for: bench.tenant())
            let odd = StepFailure(
                code: "odd", message: "a\0b" + String(repeating: "x", count: 1_000_000), retry: .never)

            _ = try await bench.engine.record(bench.claimOne(), failed: odd, spent: nil)

            #expect(try await bench.engine.job(id)?.failureMessage?.hasPrefix("a bxx") == true)
        }
    }
}
