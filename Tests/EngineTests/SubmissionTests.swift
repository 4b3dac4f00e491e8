import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `A submission` {
    @Test(arguments: DatabaseFixture.every)
    func `exists when, and only when, its transaction commits`(_ fixture: DatabaseFixture) async throws {
        struct Refusal: Error {}
        try await fixture.withEngine { bench, _ in
            let tenant = try await bench.tenant()

            await #expect(throws: Refusal.self) {
                try await bench.engine.transaction { transaction, wakes in
                    try bench.engine.enqueue(
                        Errand.Input([.run("first", pool: "free", cost: 1)]), as: Errand.self, for: tenant,
                        in: transaction, waking: wakes)
                    throw Refusal()
                }
            }

            #expect(try await bench.number("select cast(count(*) as double precision) from jobs") == 0)
            #expect(try await bench.claim().steps.isEmpty)
            // The lane that was rolled back with it is not remembered.
            try await bench.enqueue(for: tenant)
            #expect(try await bench.claim().steps.count == 1)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is refused when its plan or its input is no good`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.limits.inputBytesMax = 1000 }) { bench, _ in
            let tenant = try await bench.tenant()

            await #expect(throws: Errand.BrokenPlan.self) { try await bench.enqueue([.breakDown], for: tenant) }
            await #expect(throws: EngineError.unknownPool("moon")) {
                try await bench.enqueue([.run("first", pool: "moon", cost: 1)], for: tenant)
            }
            for worthless in [0, -1] as [Double] {
                await #expect(throws: StepFailure.self) {
                    try await bench.enqueue([.run("first", pool: "free", cost: worthless)], for: tenant)
                }
            }
            await #expect(throws: EngineError.self) {
                try await bench.enqueue(for: tenant, note: String(repeating: "x", count: 1000))
            }
            await #expect(throws: EngineError.unknownTenant(TenantID(rawValue: 5))) {
                try await bench.enqueue(for: TenantID(rawValue: 5))
            }
            let failure = await #expect(throws: StepFailure.self) {
                try await bench.enqueue([.fail("blog.not_today")], for: tenant)
            }
            #expect(failure?.code == "blog.not_today")
            #expect(try await bench.number("select cast(count(*) as double precision) from jobs") == 0)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `that costs more than its pool can ever pay is refused`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [.make("model") { $0.costPerMinute = 1000 }] }) { bench, _ in
            let tenant = try await bench.tenant()

            await #expect(throws: EngineError.costOverLimit(pool: "model", cost: 1001)) {
                try await bench.enqueue([.run("first", pool: "model", cost: 1001)], for: tenant)
            }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `with nothing to do has succeeded at once`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let id = try await bench.enqueue([], for: bench.tenant())

            let job = try #require(try await bench.engine.job(id))
            #expect(job.state == .succeeded)
            #expect(job.endedAt == EngineClock.beginning)
            #expect(try await bench.events(id) == [.enqueued, .succeeded])
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `whose later plan breaks down fails alone`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let tenant = try await bench.tenant()
            let broken = try await bench.enqueue([.run("first", pool: "free", cost: 1), .breakDown], for: tenant)
            let lost = try await bench.enqueue(
                [.run("first", pool: "free", cost: 1), .run("second", pool: "moon", cost: 1)], for: tenant)
            let sound = try await bench.enqueue(for: tenant)

            for step in try await bench.claim().steps { #expect(try await bench.record(step) == .recorded) }

            let job = try #require(try await bench.engine.job(broken))
            #expect(job.failureCode == "job.plan_failed")
            #expect(job.failureMessage == "What comes next could not be decided (BrokenPlan).")
            #expect(try await bench.engine.job(lost)?.failureCode == "pool.unknown")
            #expect(try await bench.state(sound) == .succeeded)
            #expect(try await bench.engine.steps(of: broken).count == 1)
            _ = try await bench.claim()
            try await bench.expectSoundBooks()
        }
    }
}
