import Database
@testable import Engine
import TestSupport
import Testing

/// What jobs are told at the beginning, against what then happens: the same rows foretell and decide.
@Suite struct `A forecast` {
    static let model = PoolDefinition.make("model") {
        $0.costPerMinute = 60_000
        $0.costBurst = 1000
        $0.credit = 1200
        $0.learnsEstimates = false
    }
    /// Each job draws on the pool twice, a second each time.
    static let way: [Errand.Action] = [
        .run("first", pool: "model", cost: 200), .run("second", pool: "model", cost: 400),
    ]

    /// Works until all is done.
    /// - Returns: when each job's first step started, and when the last had ended, in milliseconds from now.
    static func work(_ bench: EngineFixture, _ clock: EngineClock) async throws -> (
        starts: [JobID: Double], end: Double
    ) {
        var starts: [JobID: Double] = [:]
        var flying: [(step: ClaimedStep, at: Double)] = []
        var now = EngineClock.beginning
        var idle = 0
        while idle < 8 {
            let claimed = try await bench.claim("model").steps
            for step in claimed where step.job.step == "first" { starts[step.job.id] = step.start }
            flying += claimed.map { ($0, now) }
            for entry in flying where entry.at <= now - 1000 { try await bench.record(entry.step) }
            flying.removeAll { $0.at <= now - 1000 }
            idle = flying.isEmpty && claimed.isEmpty ? idle + 1 : 0
            now += 250
            try await clock.advance(by: .milliseconds(250))
        }
        return (starts.mapValues { $0 - EngineClock.beginning }, now - 2000 - EngineClock.beginning)
    }

    @Test(arguments: DatabaseFixture.every)
    func `errs by 3 % of the whole in the middle and 8 % at worst, later steps of those before included`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withEngine({ $0.pools = [Self.model] }) { bench, clock in
            try await bench.engine.announceWorker(name: "w", version: "1", slots: 50)
            var ids: [JobID] = []
            for (name, count) in [("half of everything", 60), ("one", 20), ("other", 20), ("small", 5)] {
                let tenant = try await bench.tenant(name)
                for _ in 0..<count { ids.append(try await bench.enqueue(Self.way, for: tenant)) }
            }
            let foretold = try await bench.engine.standings(of: ids)
            let admission = try await bench.engine.admission()

            let (starts, end) = try await Self.work(bench, clock)

            let errors = try ids.map { id in
                let range = try #require(foretold[id]?.startsIn)
                let middle = (range.lowerBound.milliseconds + range.upperBound.milliseconds) / 2
                return abs(middle - (starts[id] ?? .infinity)) / end
            }.sorted()
            #expect(errors[errors.count / 2] <= 0.03)
            #expect(errors[errors.count * 95 / 100] <= 0.08)
            #expect(abs(admission.estimatedWait.milliseconds / end - 1) < 0.08)
        }
    }
}
