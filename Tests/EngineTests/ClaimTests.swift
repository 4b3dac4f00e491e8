import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `A claim` {
    @Test(arguments: DatabaseFixture.every)
    func `takes a ready job once, under a new fence and a lease`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            let id = try await bench.enqueue(for: bench.tenant())

            let step = try await bench.claimOne()

            #expect(step.job.id == id)
            #expect(step.job.fence == 1)
            #expect(step.job.attempt == 1)
            #expect(step.delay == .zero)
            #expect(try await bench.row(id).state == .running)
            let lease = try await bench.number("select cast(lease_until as double precision) from jobs")
            #expect(lease == EngineClock.beginning + 16_000)  // the lease, and the horizon that a start may lie ahead
            #expect(try await bench.claim().steps.isEmpty)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `of nothing is nothing`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let claim = try await bench.claim()

            #expect(claim.steps.isEmpty)
            #expect(claim.nextIn == nil)
            #expect(!claim.isContended)
            #expect(try await bench.claim(upTo: 0).steps.isEmpty)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `takes as many as it is asked for`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let tenant = try await bench.tenant()
            try await bench.enqueue(25, for: tenant)

            let first = try await bench.claim(upTo: 10)
            let second = try await bench.claim(upTo: 100)

            #expect(first.steps.count == 10)
            #expect(second.steps.count == 15)
            #expect(Set((first.steps + second.steps).map(\.job.id)).count == 25)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `clears exactly the lanes that have nothing more`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let poor = try await bench.tenant("poor")
            let rich = try await bench.tenant("rich")
            try await bench.enqueue(1, for: poor)
            try await bench.enqueue(5, for: rich)

            _ = try await bench.claim(upTo: 4)

            let busy = try await bench.database.read {
                try $0.values("select tenant_id from lanes where has_work = 1", as: TenantID.self)
            }
            #expect(busy == [rich])
            _ = try await bench.claim()
            #expect(try await bench.number("select cast(sum(has_work) as double precision) from lanes") == 0)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `brings what the job has behind it, whatever step it is at`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let id = try await bench.enqueue(
                [.wait("go#1", timeoutMilliseconds: nil), .run("first", pool: "free", cost: 1)], for: bench.tenant())
            try await bench.signal(id, "go#1", payload: "7")

            let step = try await bench.claimOne()

            #expect(step.history.signals["go#1"]?.payload == "7")
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is not stopped by a job of a kind that this process does not know`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let newer = try await bench.another { $0.workflows = [Errand(), RareErrand()] }
            let tenant = try await bench.tenant()
            let strange = try await newer.transaction { transaction, wakes in
                try newer.enqueue(
                    Errand.Input([.run("first", pool: "free", cost: 1)]), as: RareErrand.self, for: tenant,
                    in: transaction, waking: wakes)
            }
            let known = try await bench.enqueue(for: tenant)

            let claim = try await bench.claim()

            #expect(Set(claim.steps.map(\.job.id)) == [strange, known])
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is not stopped by product rows that cannot be written`(_ fixture: DatabaseFixture) async throws {
        var errand = Errand()
        errand.announces = [.first]
        errand.project = { change, job, transaction in
            guard change == "started first#1", job.input.note == "bad" else { return }
            try transaction.execute("insert into no_such_table (id) values (1)")
        }
        let workflow = errand
        try await fixture.withEngine({ $0.workflows = [workflow] }) { bench, _ in
            let tenant = try await bench.tenant()
            try await bench.enqueue(for: tenant, note: "bad")
            let sound = try await bench.enqueue(for: tenant)

            let claim = try await bench.claim()

            #expect(claim.steps.count == 2)
            #expect(claim.steps.contains { $0.job.id == sound })
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `by two engines at once takes each job once`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [.counted(), PoolDefinition("free")] }) { bench, _ in
            for index in 0..<10 {
                let tenant = try await bench.tenant("tenant \(index)")
                try await bench.enqueue(10, on: index < 5 ? "model" : "free", for: tenant)
            }
            let engines = [bench.engine, try await bench.another(), try await bench.another()]

            let taken = try await withThrowingTaskGroup(of: [JobID].self) { group in
                for engine in engines {
                    group.addTask {
                        var ids: [JobID] = []
                        for _ in 0..<30 {
                            for pool: PoolName in ["model", "free"] {
                                ids += try await bench.claim(pool, upTo: 7, by: engine).steps.map(\.job.id)
                            }
                        }
                        return ids
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }

            #expect(taken.count == 100)
            #expect(Set(taken).count == 100)
            try await bench.expectSoundBooks()
        }
    }
}
