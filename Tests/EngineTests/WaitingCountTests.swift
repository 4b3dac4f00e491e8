import Database
@testable import Engine
import TestSupport
import Testing

/// Every job that does not run is counted once, under the reason that it gives itself when asked alone.
@Suite struct `Counts of who waits for what` {
    static let pools = [
        PoolDefinition.make("model") {
            $0.costPerMinute = 60_000
            $0.costBurst = 1000
        },
        .make("site") { $0.lane.requestsPerMinute = 10 }, .make("image") { $0.lane.concurrency = 1 },
        PoolDefinition("free"),
    ]

    /// What the jobs say of themselves, one by one.
    static func asked(_ bench: EngineFixture) async throws -> [WaitingReason: Int] {
        let ids: [JobID] = try await bench.database.read { try $0.values("select id from jobs where state in (0, 2)") }
        let standings = try await bench.engine.standings(of: ids)
        return Dictionary(ids.compactMap { standings[$0]?.reason }.map { ($0, 1) }, uniquingKeysWith: +)
    }

    static func with(
        _ fixture: DatabaseFixture, _ body: (EngineFixture, EngineClock) async throws -> Void
    ) async throws {
        try await fixture.withEngine({ $0.pools = Self.pools }) { bench, clock in
            try await bench.engine.announceWorker(name: "w", version: "1", slots: 10)
            try await body(bench, clock)
            #expect(try await bench.engine.waitingCounts() == Self.asked(bench))
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `are empty when nobody waits`(_ fixture: DatabaseFixture) async throws {
        try await Self.with(fixture) { bench, _ in
            try await bench.enqueue(for: bench.tenant())
            try await bench.record(bench.claimOne())
            #expect(try await bench.engine.waitingCounts().isEmpty)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `agree with what each job says, whatever it waits for`(_ fixture: DatabaseFixture) async throws {
        try await Self.with(fixture) { bench, clock in
            let tenant = try await bench.tenant("one")
            for signal in ["selection#1", "review#1", "image#2", "image#1", "word#1"] {
                try await bench.enqueue([.wait(signal, timeoutMilliseconds: nil)], for: tenant)
            }
            try await bench.enqueue(for: tenant, notBefore: EngineClock.beginning + 1e6)
            try await bench.enqueue(3, on: "site", for: tenant)
            _ = try await bench.claim("site")
            try await bench.enqueue(4, on: "image", for: tenant)
            _ = try await bench.claim("image")
            try await bench.enqueue(for: tenant)
            let failure = StepFailure(code: "provider.down", message: "No answer.", retry: .after(.seconds(30)))
            _ = try await bench.engine.record(bench.claimOne(), failed: failure, spent: nil)
            let held = try await bench.tenant("held")
            try await bench.enqueue(5, for: held)
            try await bench.database.transaction { try bench.engine.hold(held, in: $0) }

            let counts = try await bench.engine.waitingCounts()

            #expect(counts[.awaitingImage] == 2 && counts[.awaitingSelection] == 1 && counts[.awaitingReview] == 1)
            #expect(counts[.siteLimit] == 2 && counts[.tenantCap] == 3)
            #expect(counts[.notDue] == 2 && counts[.backoff] == 1 && counts[.paused] == 5)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `tell whose turn it is from who waits for a turn`(_ fixture: DatabaseFixture) async throws {
        try await Self.with(fixture) { bench, _ in
            for name in ["one", "other", "third"] {
                try await bench.enqueue(20, costing: 900, on: "model", for: bench.tenant(name))
            }
            while try await !bench.claim("model").steps.isEmpty {}

            let counts = try await bench.engine.waitingCounts()

            #expect(counts[.providerTokens, default: 0] >= 1)
            #expect(counts[.fairShare, default: 0] > 50)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `tell what keeps a whole pool waiting, and who recovers`(_ fixture: DatabaseFixture) async throws {
        try await Self.with(fixture) { bench, clock in
            let tenant = try await bench.tenant()
            try await bench.enqueue(4, costing: 10, on: "model", for: tenant)
            let shut = StepFailure(code: "x", message: "No credit.", retry: .refusedByAccount)
            _ = try await bench.engine.record(bench.claimOne("model"), failed: shut, spent: nil)
            try await bench.enqueue(2, for: tenant)
            _ = try await bench.claimOne()
            try await clock.advance(by: .seconds(20))
            _ = try await bench.engine.rescue()
            try await bench.engine.beat(running: 0)

            let counts = try await bench.engine.waitingCounts()

            #expect(counts == [.providerPaused: 4, .recovering: 1, .fairShare: 1])
        }
        try await fixture.withEngine { bench, _ in
            try await bench.enqueue(3, for: bench.tenant())
            #expect(try await bench.engine.waitingCounts() == [.noWorker: 3])
        }
    }
}
