import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `A retry` {
    @Test(arguments: DatabaseFixture.every)
    func `resumes a failed job at the step that failed`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let id = try await bench.enqueue(
                [.run("first", pool: "free", cost: 1), .run("second", pool: "free", cost: 1)], for: bench.tenant())
            try await bench.record(bench.claimOne(), "kept")
            _ = try await bench.engine.record(
                bench.claimOne(), failed: StepFailure(code: "x", message: "x", retry: .never), spent: nil)

            try await bench.retry(id)

            let step = try await bench.claimOne()
            #expect(step.job.step == "second")
            #expect(step.job.attempt == 1)
            #expect(step.history.results.map(\.json) == [#""kept""#])
            try await bench.record(step)
            let job = try #require(try await bench.engine.job(id))
            #expect(job.state == .succeeded)
            #expect(job.failureCode == nil)
            #expect(try await bench.events(id).contains(.retried))
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `resumes a cancelled job, and the worker it was taken from stays locked out`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withEngine { bench, _ in
            let id = try await bench.enqueue(for: bench.tenant())
            let stale = try await bench.claimOne()
            try await bench.cancel(id)

            try await bench.retry(id)

            #expect(try await bench.record(stale) == .leaseLost)
            let fresh = try await bench.claimOne()
            #expect(fresh.job.fence > stale.job.fence)
            try await bench.record(fresh)
            #expect(try await bench.state(id) == .succeeded)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `waits again where the job waited`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let id = try await bench.enqueue(
                [.wait("go#1", timeoutMilliseconds: nil), .run("first", pool: "free", cost: 1)], for: bench.tenant())
            try await bench.cancel(id)

            try await bench.retry(id)

            #expect(try await bench.state(id) == .waiting)
            #expect(try await bench.signal(id, "go#1") == .woke)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is only for what has failed or was cancelled`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let id = try await bench.enqueue(for: bench.tenant())

            await #expect(throws: EngineError.wrongState(id, .ready)) { try await bench.retry(id) }
            let step = try await bench.claimOne()
            await #expect(throws: EngineError.wrongState(id, .running)) { try await bench.retry(id) }
            try await bench.record(step)
            await #expect(throws: EngineError.wrongState(id, .succeeded)) { try await bench.retry(id) }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `names the job that has taken the unique key meanwhile`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let tenant = try await bench.tenant()
            let old = try await bench.enqueue(for: tenant, uniqueKey: "post:1")
            try await bench.cancel(old)
            let young = try await bench.enqueue(for: tenant, uniqueKey: "post:1")

            await #expect(throws: EngineError.duplicate(of: young)) { try await bench.retry(old) }

            #expect(try await bench.state(old) == .cancelled)
        }
    }
}
