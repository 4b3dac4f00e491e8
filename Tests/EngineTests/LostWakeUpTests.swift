import Database
@testable import Engine
import TestSupport
import Testing

/// Submissions race with claimers that clear the lanes they have emptied; not one job may be left behind unannounced.
@Suite struct `A wake-up` {
    static let seconds = 4
    static let submissionsMin = 50
    static let patience = 40

    @Test(.timeLimit(.minutes(2)), arguments: DatabaseFixture.all, ["free", "model"])
    func `is never lost between a submission and a claim that empties the lane`(
        _ fixture: DatabaseFixture, _ pool: String
    ) async throws {
        try await fixture.withRunningEngine({
            // Nothing that is claimed ends here, so that a bound on what is in flight would end the race.
            $0.pools = [
                PoolDefinition("free"),
                .make("model") {
                    $0.requestsPerMinute = 6_000_000
                    $0.requestBurst = 1000
                    $0.concurrency = 1_000_000
                },
            ]
            $0.limits.queueSizeMax = .max / 2
        }) { bench in
            var tenants: [TenantID] = []
            for index in 0..<3 { tenants.append(try await bench.tenant("tenant \(index)")) }
            let lanes = tenants
            let engines = [bench.engine, try await bench.another(), try await bench.another()]
            let end = ContinuousClock.now + .seconds(Self.seconds)
            let submitted = Tally()
            let claimed = Tally()
            // On a slow disk longer, until enough has happened.
            let goesOn = { @Sendable in
                .now < end || submitted.count <= Self.submissionsMin && .now < end + .seconds(Self.patience)
            }

            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<4 {
                    group.addTask {
                        while goesOn() {
                            let engine = engines[index % engines.count]
                            try await bench.enqueue(
                                [.run("first", pool: pool, cost: 1)], for: lanes[index % lanes.count], by: engine)
                            submitted.add()
                        }
                    }
                }
                for engine in engines {
                    group.addTask {
                        while goesOn() {
                            let steps = try await bench.claim(PoolName(rawValue: pool), upTo: 20, by: engine).steps
                            claimed.add(steps.count)
                        }
                    }
                }
                try await group.waitForAll()
            }

            try await bench.expectSoundBooks(afterRaces: true)
            // A few claims without any submission find all the rest.
            for _ in 0..<1000 where claimed.count < submitted.count {
                claimed.add(try await bench.claim(PoolName(rawValue: pool)).steps.count)
            }
            #expect(claimed.count == submitted.count)
            #expect(submitted.count > Self.submissionsMin)
            try await bench.expectSoundBooks(afterRaces: true)
        }
    }
}
