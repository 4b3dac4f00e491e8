import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `A signal` {
    static let plan: [Errand.Action] = [
        .wait("go#1", timeoutMilliseconds: nil), .run("first", pool: "free", cost: 1),
    ]

    @Test(arguments: DatabaseFixture.every)
    func `wakes the job that waits for it`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let id = try await bench.enqueue(Self.plan, for: bench.tenant())
            #expect(try await bench.state(id) == .waiting)

            let outcome = try await bench.signal(id, "go#1", payload: #"{"index":2}"#)

            #expect(outcome == .woke)
            #expect(try await bench.state(id) == .ready)
            #expect(try await bench.events(id) == [.enqueued, .woken])
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `may come before the job asks for it, and of two the first wins`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let id = try await bench.enqueue(
                [.run("first", pool: "free", cost: 1)] + Self.plan, for: bench.tenant())

            #expect(try await bench.signal(id, "go#1", payload: "1") == .early)
            let second = try await bench.signal(id, "go#1", payload: "2")

            guard case .tooLate(let first) = second else {
                Issue.record("the second signal counted")
                return
            }
            #expect(first.payload == "1")
            #expect(first.by == "test")
            try await bench.record(bench.claimOne())
            #expect(try await bench.state(id) == .ready)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `of another name is kept and wakes nobody`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let id = try await bench.enqueue(Self.plan, for: bench.tenant())

            #expect(try await bench.signal(id, "go#2") == .early)

            #expect(try await bench.state(id) == .waiting)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `to a job that has ended or is unknown is refused and leaves nothing`(_ fixture: DatabaseFixture) async throws
    {
        try await fixture.withEngine { bench, _ in
            let id = try await bench.enqueue(for: bench.tenant())
            try await bench.record(bench.claimOne())

            await #expect(throws: EngineError.wrongState(id, .succeeded)) { try await bench.signal(id, "go#1") }
            await #expect(throws: EngineError.unknownJob(JobID(rawValue: 1))) {
                try await bench.signal(JobID(rawValue: 1), "go#1")
            }
            // Not even for a caller that swallows the refusal.
            try await bench.engine.transaction { transaction, wakes in
                // refused, as above
                _ = try? bench.engine.signal(id, "go#1", by: "test", in: transaction, waking: wakes)
            }

            #expect(try await bench.number("select cast(count(*) as double precision) from signals") == 0)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `sent by many at once wakes the job once`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let id = try await bench.enqueue(Self.plan, for: bench.tenant())

            let outcomes = try await withThrowingTaskGroup(of: Engine.SignalOutcome.self) { group in
                for index in 0..<20 { group.addTask { try await bench.signal(id, "go#1", payload: "\(index)") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }

            #expect(outcomes.count { $0 == .woke } == 1)
            #expect(outcomes.count { if case .tooLate = $0 { true } else { false } } == 19)
            #expect(try await bench.events(id).count { $0 == .woken } == 1)
            #expect(try await bench.claim().steps.count == 1)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `and the record of the step before it meet, whichever comes first`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let tenant = try await bench.tenant()
            for _ in 0..<20 {
                let id = try await bench.enqueue([.run("first", pool: "free", cost: 1)] + Self.plan, for: tenant)
                let step = try await bench.claimOne()

                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await bench.record(step) }
                    group.addTask { try await bench.signal(id, "go#1") }
                    try await group.waitForAll()
                }

                #expect(try await bench.state(id) == .ready)
                try await bench.record(bench.claimOne())
            }
            _ = try await bench.claim()
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `that has come is not waited for: several early ones are taken one after the other`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withEngine { bench, _ in
            let id = try await bench.enqueue(
                [
                    .run("first", pool: "free", cost: 1), .wait("a#1", timeoutMilliseconds: nil),
                    .wait("b#1", timeoutMilliseconds: nil), .run("second", pool: "free", cost: 1),
                ], for: bench.tenant())
            try await bench.signal(id, "a#1")
            try await bench.signal(id, "b#1")

            try await bench.record(bench.claimOne())

            #expect(try await bench.row(id).step == "second")
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `that has come and is waited for all the same fails the job, clearly`(_ fixture: DatabaseFixture) async throws
    {
        try await fixture.withEngine { bench, _ in
            let id = try await bench.enqueue(
                [.run("first", pool: "free", cost: 1), .waitBlindly("go#1")], for: bench.tenant())
            let step = try await bench.claimOne()
            try await bench.signal(id, "go#1")

            try await bench.record(step)

            let job = try #require(try await bench.engine.job(id))
            #expect(job.state == .failed)
            #expect(job.failureCode == "job.plan_failed")
            #expect(job.failureMessage == "The plan waits for the signal go#1, which has already come.")
            #expect(try await bench.engine.steps(of: id).count == 1)
            try await bench.expectSoundBooks()
        }
    }
}
