import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `A cancellation` {
    enum Moment: String, CaseIterable, Sendable {
        case ready, running, waitingForSignal, backingOff, scheduled
    }

    /// A job in the state that the moment names.
    static func job(_ moment: Moment, _ bench: EngineFixture) async throws -> (JobID, ClaimedStep?) {
        let tenant = try await bench.tenant()
        switch moment {
        case .ready: return (try await bench.enqueue(for: tenant), nil)
        case .running:
            let id = try await bench.enqueue(for: tenant)
            return (id, try await bench.claimOne())
        case .waitingForSignal: return (try await bench.enqueue([.waitBlindly("go#1")], for: tenant), nil)
        case .backingOff:
            let id = try await bench.enqueue(for: tenant)
            _ = try await bench.engine.record(
                bench.claimOne(), failed: StepFailure(code: "x", message: "x", retry: .after(.seconds(9))), spent: nil)
            return (id, nil)
        case .scheduled: return (try await bench.enqueue(for: tenant, notBefore: EngineClock.beginning + 9000), nil)
        }
    }

    @Test(arguments: DatabaseFixture.every, Moment.allCases)
    func `ends an active job, whatever it is doing`(_ fixture: DatabaseFixture, _ moment: Moment) async throws {
        try await fixture.withEngine { bench, clock in
            let (id, step) = try await Self.job(moment, bench)

            try await bench.cancel(id)

            let job = try #require(try await bench.engine.job(id))
            #expect(job.state == .cancelled)
            #expect(job.endedAt == EngineClock.beginning)
            #expect(job.failureCode == nil)
            #expect(try await bench.events(id).last == .cancelled)
            if let step {
                #expect(try await bench.record(step, cost: 5) == .leaseLost)
                #expect(try await bench.engine.steps(of: id).isEmpty)
                #expect(try await bench.number("select sum(cost) from late_costs") == 5)
            }
            try await clock.advance(by: .seconds(60))
            #expect(try await bench.engine.runTimers() == 0)
            #expect(try await bench.engine.rescue() == 0)
            #expect(try await bench.claim().steps.isEmpty)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `of a job that has ended or is unknown is refused`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let id = try await bench.enqueue(for: bench.tenant())
            try await bench.cancel(id)

            await #expect(throws: EngineError.wrongState(id, .cancelled)) { try await bench.cancel(id) }
            await #expect(throws: EngineError.unknownJob(JobID(rawValue: 7))) {
                try await bench.cancel(JobID(rawValue: 7))
            }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `reaches a job of a kind that nobody knows any more`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let newer = try await bench.another { $0.workflows = [RareErrand()] }
            let tenant = try await bench.tenant()
            let id = try await newer.transaction { transaction, wakes in
                try newer.enqueue(
                    Errand.Input([.run("first", pool: "free", cost: 1)]), as: RareErrand.self, for: tenant,
                    in: transaction, waking: wakes)
            }

            try await bench.cancel(id)

            #expect(try await bench.state(id) == .cancelled)
        }
    }
}
