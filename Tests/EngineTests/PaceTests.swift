import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `A pool's pace` {
    @Test func `is not lowered by refusals now and then`() {
        var pace = Pace()
        for second in 0..<600 {
            let now = 1e6 + Double(second) * 1000
            pace.granted(10, at: now)
            if second % 4 == 0 { _ = pace.refused(at: now) }
        }
        #expect(pace.factor == 1)
    }

    @Test func `is not lowered by the first refusals of a quiet pool`() {
        var pace = Pace()
        pace.granted(1, at: 1e6)
        _ = pace.refused(at: 1e6)
        _ = pace.refused(at: 1e6 + 10)
        #expect(pace.factor == 1)
    }

    @Test func `falls by 4 % at most every two seconds while refusals persist, and no further without them`() {
        var pace = Pace()
        var factors: [Double] = []
        for second in 0..<20 {
            let now = 1e6 + Double(second) * 1000
            pace.granted(10, at: now)
            _ = pace.refused(at: now)
            factors.append(pace.factor)
        }
        let lowest = pace.factor
        #expect((0.65...0.74).contains(lowest))
        for (earlier, later) in zip(factors, factors.dropFirst()) { #expect(later >= earlier * 0.959) }

        pace.recover(at: 1e6 + 20_000)
        #expect(pace.factor >= lowest)
    }

    @Test func `recovers slowly to just under where it failed, and in time to the whole`() {
        var pace = Pace()
        for second in 0..<4 {
            pace.granted(10, at: 1e6 + Double(second) * 1000)
            _ = pace.refused(at: 1e6 + Double(second) * 1000)
        }
        let lowered = pace.factor
        #expect(lowered < 0.97)

        pace.recover(at: 1e6 + 14_000)
        #expect(abs(pace.factor - lowered - 0.011) < 0.002)
        pace.recover(at: 1e6 + 3_600_000)
        #expect(pace.factor == 1)
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func `keeps refusals under a twentieth when the limit is half too high and the provider says nothing`(
        _ seed: UInt64
    ) {
        var trial = ProviderTrial(configured: 450_000, real: 300_000, seed: seed)
        trial.tellsLimits = false

        trial.run(minutes: 60)

        #expect(trial.refusedShare < 0.05)
        #expect(trial.granted > 0.95 * 300_000 * 60)
    }

    @Test func `is left alone by a provider that keeps its word`() {
        var trial = ProviderTrial(configured: 450_000, real: 450_000)
        trial.tellsLimits = false

        trial.run(minutes: 20)

        #expect(trial.refusals == 0)
        #expect(trial.learned.pace == Pace() || trial.learned.pace.factor == 1)
        #expect(trial.granted > 0.99 * 450_000 * 20)
    }

    @Test(arguments: DatabaseFixture.every)
    func `is one for the cluster, and pauses come first`(_ fixture: DatabaseFixture) async throws {
        let pool = PoolDefinition.make("model") {
            $0.requestsPerMinute = 600
            $0.requestBurst = 10
        }
        try await fixture.withEngine({ $0.pools = [pool] }) { bench, clock in
            let other = try await bench.another()
            try await bench.enqueue(40, on: "model", for: bench.tenant())
            let refusal = StepFailure(code: "x", message: "x", retry: .refused(.milliseconds(100)))
            for round in 0..<12 {
                let engine = round % 2 == 0 ? bench.engine : other
                let steps = try await bench.claim("model", upTo: 3, by: engine).steps
                for step in steps { _ = try await engine.record(step, failed: refusal, spent: nil) }
                try await clock.advance(by: .seconds(1))
            }

            let status = try #require(try await other.poolStatus().first)
            #expect((0.7...0.9).contains(status.learned.pace))
            #expect(try #require(status.requestsPerMinuteMax) < 540)
            try await bench.expectSoundBooks()

            try await clock.advance(by: .seconds(7200))
            _ = try await bench.claim("model")
            #expect(try await other.poolStatus().first?.requestsPerMinuteMax == 600)
        }
    }
}
