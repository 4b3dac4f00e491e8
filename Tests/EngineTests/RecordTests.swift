import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `A record` {
    static let model = PoolDefinition.make("model") {
        $0.costPerMinute = 60_000
        $0.costBurst = 1000
        $0.concurrency = 10
    }
    static let notes = "create table notes (id bigint primary key, job_id bigint not null)" as SQL

    @Test(arguments: DatabaseFixture.every)
    func `moves a job to its next lane and leaves result, cost and event`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [Self.model, PoolDefinition("free")] }) { bench, clock in
            let id = try await bench.enqueue(
                [.run("first", pool: "model", cost: 100), .run("second", pool: "free", cost: 1)], for: bench.tenant())
            let step = try await bench.claimOne("model")
            try await clock.advance(by: .seconds(3))

            let outcome = try await bench.record(step, "ideas", cost: 80)

            #expect(outcome == .recorded)
            let row = try await bench.row(id)
            #expect(row.state == .ready)
            #expect(row.step == "second")
            #expect(row.attempt == 0)
            let recorded = try #require(try await bench.engine.steps(of: id).first)
            #expect(recorded.step == "first")
            #expect(recorded.cost == 80)
            #expect(recorded.microdollars == 7)
            #expect(recorded.provider == "sandbox")
            #expect(recorded.endedAt - recorded.startedAt == 3000)
            #expect(try await bench.events(id) == [.enqueued, .started, .recorded])
            try await bench.expectSoundBooks()
            #expect(try await bench.claimOne().history.results.map(\.json) == [#""ideas""#])
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `ends the job when the plan says so`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            let id = try await bench.enqueue(for: bench.tenant())

            try await bench.record(bench.claimOne())

            let job = try #require(try await bench.engine.job(id))
            #expect(job.state == .succeeded)
            #expect(job.endedAt == EngineClock.beginning)
            #expect(try await bench.events(id).suffix(2) == [.recorded, .succeeded])
            _ = try await bench.claim()
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `under a stale fence writes nothing, and books what was spent once`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [Self.model] }) { bench, clock in
            let id = try await bench.enqueue([.run("first", pool: "model", cost: 100)], for: bench.tenant())
            let stale = try await bench.claimOne("model")
            try await clock.advance(by: .seconds(17))
            #expect(try await bench.engine.rescue() == 1)
            let fresh = try await bench.claimOne("model")

            let outcomes = [
                try await bench.record(stale, "late", cost: 120), try await bench.record(stale, "late", cost: 120),
            ]

            #expect(outcomes == [.leaseLost, .leaseLost])
            #expect(try await bench.engine.steps(of: id).isEmpty)
            #expect(try await bench.row(id).fence == fresh.job.fence)
            #expect(try await bench.number("select cast(count(*) as double precision) from late_costs") == 1)
            #expect(try await bench.number("select sum(cost) from late_costs") == 120)
            // 20 more than the pool was charged, once; the winner's settlement is still to come.
            #expect(try await bench.number("select sum(settle) from lane_deltas") == 20)
            try await bench.expectSoundBooks()
            #expect(try await bench.record(fresh, "in time", cost: 100) == .recorded)
            #expect(try await bench.engine.steps(of: id).count == 1)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `whose answer was lost may be repeated, and books nothing twice`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [Self.model, PoolDefinition("free")] }) { bench, _ in
            let id = try await bench.enqueue(
                [.run("first", pool: "model", cost: 100), .run("second", pool: "free", cost: 1)], for: bench.tenant())
            let step = try await bench.claimOne("model")
            try await bench.record(step, cost: 90)
            let deltas = try await bench.number("select cast(count(*) as double precision) from lane_deltas")

            let again = try await bench.record(step, cost: 90)
            _ = try await bench.claimOne()
            let later = try await bench.record(step, cost: 90)

            #expect(again == .recorded)
            #expect(later == .recorded)
            #expect(try await bench.engine.steps(of: id).count == 1)
            #expect(try await bench.number("select cast(count(*) as double precision) from late_costs") == 0)
            #expect(try await bench.number("select cast(count(*) as double precision) from lane_deltas") == deltas)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `commits the product's rows with it, or rolls everything back with them`(
        _ fixture: DatabaseFixture
    ) async throws {
        struct Refusal: Error {}
        try await fixture.withEngine { bench, clock in
            try await bench.database.transaction { try $0.script(Self.notes) }
            let id = try await bench.enqueue(
                [.run("first", pool: "free", cost: 1), .run("second", pool: "free", cost: 1)], for: bench.tenant())
            let step = try await bench.claimOne()

            await #expect(throws: Refusal.self) {
                try await bench.record(step) { transaction in
                    try transaction.execute("insert into notes (id, job_id) values (1, \(id))")
                    throw Refusal()
                }
            }
            #expect(try await bench.number("select cast(count(*) as double precision) from notes") == 0)
            #expect(try await bench.state(id) == .running)
            #expect(try await bench.engine.steps(of: id).isEmpty)

            try await bench.record(step) { try $0.execute("insert into notes (id, job_id) values (1, \(id))") }
            #expect(try await bench.number("select cast(count(*) as double precision) from notes") == 1)

            // A stale worker's rows are not written either.
            try await bench.record(step) { try $0.execute("insert into notes (id, job_id) values (2, \(id))") }
            #expect(try await bench.number("select cast(count(*) as double precision) from notes") == 1)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `of a step before a wait goes straight on when the signal came early`(_ fixture: DatabaseFixture) async throws
    {
        try await fixture.withEngine { bench, _ in
            let id = try await bench.enqueue(
                [
                    .run("first", pool: "free", cost: 1), .wait("go#1", timeoutMilliseconds: nil),
                    .run("second", pool: "free", cost: 1),
                ], for: bench.tenant())
            let step = try await bench.claimOne()
            #expect(try await bench.signal(id, "go#1", payload: "3") == .early)

            try await bench.record(step)

            #expect(try await bench.state(id) == .ready)
            #expect(try await bench.row(id).step == "second")
            try await bench.expectSoundBooks()
            #expect(try await bench.claimOne().history.signals["go#1"]?.payload == "3")
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `keeps one result for each step and round`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let id = try await bench.enqueue(
                [.run("first", pool: "free", cost: 1), .run("first", pool: "free", cost: 1)], for: bench.tenant())

            try await bench.record(bench.claimOne(), "one")
            try await bench.record(bench.claimOne(), "two")

            #expect(try await bench.engine.steps(of: id).map(\.round) == [1, 2])
            #expect(try await bench.state(id) == .succeeded)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `settles what the pool was charged`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [Self.model] }) { bench, _ in
            let tenant = try await bench.tenant()
            try await bench.enqueue(2, costing: 1000, on: "model", for: tenant)
            let first = try await bench.claimOne("model")
            #expect(try await bench.claim("model").steps.count == 1)  // it may start in a second, when 1,000 have come

            try await bench.record(first, cost: 400)
            try await bench.enqueue(1, costing: 600, on: "model", for: tenant)
            let third = try await bench.claimOne("model")

            // Of 2,000 charged 600 came back.
            #expect(third.delay == .seconds(1))
            #expect(try await bench.number("select cast(running as double precision) from pools") == 2)
        }
    }
}
