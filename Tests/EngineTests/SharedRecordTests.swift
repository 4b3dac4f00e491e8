import Database
@testable import Engine
import Synchronization
import TestSupport
import Testing

@Suite struct `Records that share a transaction` {
    @Test(arguments: DatabaseFixture.every)
    func `leave for each job what a record of its own would`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [PoolDefinition("free"), PoolDefinition("other")] }) { bench, _ in
            let tenants = [try await bench.tenant("one"), try await bench.tenant("two")]
            var last: [JobID] = []
            for tenant in tenants { last += try await bench.enqueue(3, for: tenant) }
            let long = try await bench.enqueue(
                [.run("first", pool: "free", cost: 1), .run("second", pool: "other", cost: 2)], for: tenants[0])
            let claimed = try await bench.claim().steps
            #expect(claimed.count == 7)

            let recorded = try await bench.recordTogether(claimed)

            #expect(recorded == Set(last + [long]))
            for id in last {
                #expect(try await bench.state(id) == .succeeded)
                #expect(try await bench.events(id) == [.enqueued, .started, .recorded, .succeeded])
                #expect(try await bench.engine.steps(of: id).map(\.step) == ["first"])
            }
            #expect(try await bench.events(long) == [.enqueued, .started, .recorded])
            let second = try await bench.claimOne("other")
            #expect(second.job.step == "second")
            #expect(second.history.results.map(\.json) == [#""done""#])
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `claim what follows in the same transaction, as far as there is room`(_ fixture: DatabaseFixture) async throws
    {
        try await fixture.withEngine { bench, _ in
            try await bench.enqueue(10, for: bench.tenant())
            let first = try await bench.claim(upTo: 3).steps
            let pool = try bench.engine.pools.entry("free").id

            let (recorded, claim) = try await bench.engine.recordAndClaim(
                first.map { try $0.done }, of: pool, upTo: 1, atMost: 100, lease: .seconds(15), failpoints: .none)

            #expect(recorded.count == 3)
            #expect(claim.steps.count == 4)
            #expect(Set(claim.steps.map(\.job.id)).isDisjoint(with: recorded))
            _ = try await bench.recordTogether(claim.steps)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `pass over a lost lease, which is then booked alone`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            let ids = try await bench.enqueue(2, for: bench.tenant())
            let stale = try await bench.claim().steps
            try await clock.advance(by: .seconds(17))
            #expect(try await bench.engine.rescue() == 2)
            let fresh = try await bench.claimOne()

            let recorded = try await bench.recordTogether([fresh] + stale.filter { $0.job.id != fresh.job.id })

            #expect(recorded == [fresh.job.id])
            let lost = try #require(stale.first { $0.job.id != fresh.job.id })
            #expect(try await bench.state(lost.job.id) == .ready)
            #expect(try await bench.record(lost) == .leaseLost)
            #expect(try await bench.number("select cast(count(*) as double precision) from steps") == 1)
            #expect(ids.contains(fresh.job.id))
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `leave jobs that wait next to a record of their own`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let waiting = try await bench.enqueue(
                [.run("first", pool: "free", cost: 1), .wait("go", timeoutMilliseconds: nil)], for: bench.tenant())

            #expect(try await bench.recordTogether(bench.claim().steps).isEmpty)
            #expect(try await bench.state(waiting) == .running)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `of brief steps make one event a job`(_ fixture: DatabaseFixture) async throws {
        var errand = Errand()
        errand.policy.isBrief = true
        let brief = errand
        try await fixture.withEngine({ $0.workflows = [brief] }) { bench, _ in
            let id = try await bench.enqueue(for: bench.tenant())

            _ = try await bench.recordTogether(bench.claim().steps)

            let events = try await bench.engine.events(of: id)
            #expect(events.compactMap(\.kind) == [.enqueued, .succeeded])
            #expect(events.last?.step == "first")
            #expect(try await bench.engine.steps(of: id).count == 1)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `are made by a worker, and all of them before it leaves`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withRunningEngine { bench in
            let tenants = [try await bench.tenant("one"), try await bench.tenant("two")]
            for tenant in tenants { try await bench.enqueue(200, for: tenant) }
            var configuration = WorkerConfiguration(name: "test", version: "1")
            configuration.slots = 40
            configuration.claimBatch = 20
            let worker = Worker(configuration, engine: bench.engine, clock: ContinuousClock())

            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await worker.run() }
                try await eventually { try await bench.count(.succeeded) > 100 }
                worker.drain()
                try await group.waitForAll()
            }

            #expect(try await bench.count(.running) == 0)
            #expect(worker.runningCount == 0)
            let done = try await bench.count(.succeeded)
            #expect(try await bench.number("select cast(count(*) as double precision) from steps") == done)
            try await bench.expectSoundBooks(afterRaces: true)
        }
    }

    #if DEBUG
        @Test(arguments: DatabaseFixture.every)
        func `fall back to one by one when they cannot be written`(_ fixture: DatabaseFixture) async throws {
            struct Refused: Error {}
            let refusals = Mutexed(2)
            let failpoints = Failpoints { name in
                guard name == "first.beforeCommit" else { return }
                let isDue = refusals.withLock { left in
                    left -= 1
                    return left >= 0
                }
                if isDue { throw Refused() }
            }
            try await fixture.withRunningEngine { bench in
                try await bench.enqueue(20, for: bench.tenant())
                let worker = Worker(
                    WorkerConfiguration(name: "test", version: "1"), engine: bench.engine, clock: ContinuousClock(),
                    failpoints: failpoints)

                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await worker.run() }
                    try await eventually { try await bench.count(.succeeded) == 20 }
                    worker.drain()
                    try await group.waitForAll()
                }

                #expect(refusals.withLock { $0 } < 0)
                #expect(try await bench.number("select cast(count(*) as double precision) from steps") == 20)
            }
        }
    #endif
}

extension ClaimedStep {
    fileprivate var done: DoneStep {
        get throws { DoneStep(step: self, recording: try Recording("done")) }
    }
}

extension EngineFixture {
    fileprivate func recordTogether(_ steps: [ClaimedStep]) async throws -> Set<JobID> {
        let done = try steps.map { try $0.done }
        return try await engine.recordAndClaim(
            done, of: engine.pools.entry("free").id, upTo: nil, atMost: 100, lease: .seconds(15), failpoints: .none
        ).recorded
    }

    fileprivate func count(_ state: JobState) async throws -> Double {
        try await number("select cast(count(*) as double precision) from jobs where state = \(state)")
    }
}
