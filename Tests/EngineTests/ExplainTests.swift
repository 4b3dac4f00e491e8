import Database
@testable import Engine
import TestSupport
import Testing

/// Each reason of the closed list, brought about by the situation that it names.
@Suite struct `An explanation` {
    static let model = PoolDefinition.make("model") {
        $0.requestsPerMinute = 600
        $0.requestBurst = 10
        $0.costPerMinute = 60_000
        $0.costBurst = 1000
    }

    /// A worker has been heard of, with this many slots in use.
    static func announceWorker(_ bench: EngineFixture, running: Int = 0, slots: Int = 10) async throws {
        try await bench.engine.announceWorker(name: "w", version: "1", slots: slots)
        try await bench.engine.beat(running: running)
    }

    /// Has one tenant's job of this cost wait behind a pool that has just been used up.
    static func exhaust(_ bench: EngineFixture, costing cost: Double, times: Int = 1) async throws -> JobID {
        let tenant = try await bench.tenant()
        let ids = try await bench.enqueue(times, costing: cost, on: "model", for: tenant)
        var taken = 1
        while taken > 0 { taken = try await bench.claim("model").steps.count }
        return try #require(ids.last)
    }

    static func expect(
        _ reason: WaitingReason, of id: JobID, _ bench: EngineFixture, isOpenEnded: Bool = false,
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let standing = try await bench.standing(id)
        #expect(standing.reason == reason, sourceLocation: location)
        #expect(standing.evidence?.isEmpty == false, sourceLocation: location)
        #expect(standing.remedy?.isEmpty == false, sourceLocation: location)
        #expect((standing.startsIn == nil) == isOpenEnded, sourceLocation: location)
    }

    @Test(arguments: DatabaseFixture.every)
    func `says that nobody works`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            let id = try await bench.enqueue(for: bench.tenant())
            try await Self.expect(.noWorker, of: id, bench, isOpenEnded: true)

            try await Self.announceWorker(bench)
            #expect(try await bench.standing(id).reason == .fairShare)
            try await clock.advance(by: .seconds(31))
            try await Self.expect(.noWorker, of: id, bench, isOpenEnded: true)
            try await Self.announceWorker(bench)
            try await bench.engine.retireWorker()
            try await Self.expect(.noWorker, of: id, bench, isOpenEnded: true)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `says that the tenant or the pool is paused`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            try await Self.announceWorker(bench)
            let tenant = try await bench.tenant()
            let id = try await bench.enqueue(for: tenant)

            try await bench.database.transaction { try bench.engine.hold(tenant, in: $0) }
            try await Self.expect(.paused, of: id, bench, isOpenEnded: true)

            try await bench.engine.transaction { try bench.engine.resume(tenant, in: $0, waking: $1) }
            try await bench.database.transaction { try bench.engine.hold("free" as PoolName, in: $0) }
            try await Self.expect(.paused, of: id, bench, isOpenEnded: true)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `says that the provider asked for a pause, and how long it lasts`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [Self.model] }) { bench, _ in
            try await Self.announceWorker(bench)
            let id = try await bench.enqueue([.run("first", pool: "model", cost: 10)], for: bench.tenant())
            let failure = StepFailure(code: "x", message: "x", retry: .refused(.seconds(30)))
            _ = try await bench.engine.record(bench.claimOne("model"), failed: failure, spent: nil)

            try await Self.expect(.providerPaused, of: id, bench)

            let starts = try #require(try await bench.standing(id).startsIn)
            #expect(starts.lowerBound > .seconds(25) && starts.contains(.seconds(30)))
            #expect(try await bench.standing(id).evidence?.contains("30 s") == true)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `says which of the provider's limits is used up`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [Self.model] }) { bench, _ in
            try await Self.announceWorker(bench)
            let id = try await Self.exhaust(bench, costing: 900, times: 6)
            try await Self.expect(.providerTokens, of: id, bench)
        }
        try await fixture.withEngine({ $0.pools = [Self.model] }) { bench, _ in
            try await Self.announceWorker(bench)
            let id = try await Self.exhaust(bench, costing: 1, times: 40)
            try await Self.expect(.providerRequests, of: id, bench)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `says that other tenants go before`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [Self.model] }) { bench, _ in
            try await Self.announceWorker(bench)
            let mine = try await Self.exhaust(bench, costing: 900, times: 6)
            try await bench.enqueue(50, costing: 900, on: "model", for: bench.tenant("other"))

            try await Self.expect(.fairShare, of: mine, bench)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `says that the site's own limit is used up`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({
            $0.pools = [.make("site") { $0.lane.requestsPerMinute = 10 }]
        }) { bench, _ in
            try await Self.announceWorker(bench)
            let ids = try await bench.enqueue(2, on: "site", for: bench.tenant())
            _ = try await bench.claim("site")

            try await Self.expect(.siteLimit, of: ids[1], bench)

            #expect(try #require(try await bench.standing(ids[1]).startsIn).upperBound >= .seconds(6))
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `says that the tenant has as many under way as it may`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [.make("image") { $0.lane.concurrency = 1 }] }) { bench, _ in
            try await Self.announceWorker(bench)
            let ids = try await bench.enqueue(2, on: "image", for: bench.tenant())
            _ = try await bench.claim("image")

            try await Self.expect(.tenantCap, of: ids[1], bench)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `says that all places are taken, the provider's or the workers'`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({
            $0.pools = [.make("image") { $0.concurrency = 1 }, PoolDefinition("free")]
        }) { bench, _ in
            try await Self.announceWorker(bench, running: 10, slots: 10)
            let tenant = try await bench.tenant()
            let images = try await bench.enqueue(2, on: "image", for: tenant)
            _ = try await bench.claim("image")
            let other = try await bench.enqueue(for: tenant)

            try await Self.expect(.slotsFull, of: images[1], bench)
            try await Self.expect(.slotsFull, of: other, bench)
            #expect(try await bench.standing(images[1]).evidence == "1 of 1 places at the provider are taken.")
            #expect(try await bench.standing(other).evidence == "All 10 slots of the workers are taken.")
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `says that it recovers from a worker's death`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            let id = try await bench.enqueue(for: bench.tenant())
            _ = try await bench.claimOne()
            try await clock.advance(by: .seconds(20))
            _ = try await bench.engine.rescue()
            try await Self.announceWorker(bench)

            try await Self.expect(.recovering, of: id, bench)
            #expect(try await bench.standing(id).since == EngineClock.beginning + 20_000)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `says what a waiting job waits for`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            try await Self.announceWorker(bench)
            let tenant = try await bench.tenant()
            func waiting(for signal: String) async throws -> JobID {
                try await bench.enqueue([.wait(signal, timeoutMilliseconds: 90_000)], for: tenant)
            }

            try await Self.expect(.awaitingSelection, of: waiting(for: "selection#2"), bench, isOpenEnded: true)
            try await Self.expect(.awaitingReview, of: waiting(for: "review#1"), bench, isOpenEnded: true)
            try await Self.expect(.awaitingImage, of: waiting(for: "image#1"), bench)
            let later = try await bench.enqueue(for: tenant, notBefore: EngineClock.beginning + 60_000)
            try await Self.expect(.notDue, of: later, bench)
            #expect(try await bench.standing(later).startsIn == .seconds(60) ... .seconds(61))
            let failing = try await bench.enqueue(for: tenant)
            let failure = StepFailure(code: "provider.down", message: "No answer.", retry: .after(.seconds(30)))
            _ = try await bench.engine.record(bench.claimOne(), failed: failure, spent: nil)
            try await Self.expect(.backoff, of: failing, bench)
            #expect(try await bench.standing(failing).evidence == "No answer. (provider.down, attempt 1)")
            let open = try await bench.enqueue([.wait("word#1", timeoutMilliseconds: nil)], for: tenant)
            try await Self.expect(.notDue, of: open, bench, isOpenEnded: true)
            #expect(try await bench.standing(open).step == nil)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is not needed for what runs or has ended`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let id = try await bench.enqueue(for: bench.tenant())
            let step = try await bench.claimOne()
            #expect(try await bench.standing(id).reason == nil)
            #expect(try await bench.standing(id).state == .running)

            try await bench.record(step)

            let standing = try await bench.standing(id)
            #expect(standing.reason == nil)
            #expect(standing.step == nil)
            #expect(standing.endsIn == nil)
            #expect(try await bench.engine.standings(of: [JobID(rawValue: 3)]).isEmpty)
            #expect(try await bench.engine.standings(of: []).isEmpty)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `foretells when the last of a queue starts`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [Self.model] }) { bench, clock in
            try await Self.announceWorker(bench)
            let mine = try await bench.tenant("mine")
            let other = try await bench.tenant("other")
            try await bench.enqueue(30, costing: 500, on: "model", for: other)
            let ids = try await bench.enqueue(20, costing: 500, on: "model", for: mine)
            _ = try await bench.claim("model", upTo: 1)
            let last = ids[19]
            let foretold = try await bench.standing(last)

            var start: Double?
            while start == nil {
                for step in try await bench.claim("model").steps where step.job.id == last { start = step.start }
                if start == nil { try await clock.advance(by: .milliseconds(250)) }
            }

            let waited = Duration.milliseconds(try #require(start) - EngineClock.beginning)
            let range = try #require(foretold.startsIn)
            #expect(range.lowerBound * 0.9 <= waited && waited <= range.upperBound * 1.1)
            #expect((35...41).contains(try #require(foretold.position)))
            let end = try #require(foretold.endsIn)
            #expect(end.lowerBound >= range.lowerBound && end.upperBound > range.upperBound)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `knows each job's place among its own and the others`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [Self.model] }) { bench, _ in
            try await Self.announceWorker(bench)
            let mine = try await bench.tenant("mine")
            let bulk = try await bench.enqueue(3, costing: 10, on: "model", for: mine, priority: 5)
            let urgent = try await bench.enqueue(1, costing: 10, on: "model", for: mine)
            let other = try await bench.enqueue(1, costing: 20, on: "model", for: bench.tenant("other"))

            let standings = try await bench.engine.standings(of: bulk + urgent + other)

            #expect((urgent + bulk).map { standings[$0]?.position } == [0, 2, 3, 4])
            #expect(standings[other[0]]?.position == 0)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `knows the pools' use in the last minute, for the whole cluster`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [Self.model] }) { bench, clock in
            let other = try await bench.another()
            try await bench.enqueue(4, costing: 100, on: "model", for: bench.tenant())
            try await bench.record(bench.claimOne("model"), cost: 80)
            _ = try await bench.claimOne("model", by: other)

            let status = try #require(try await other.poolStatus().first)

            #expect(status.queueLength == 2)
            #expect(status.queueCost == 200)
            #expect(status.running == 1)
            #expect(status.requestsInLastMinute == 2)
            #expect(status.costInLastMinute == 180)
            #expect(status.costUse == 180.0 / 60_000)
            try await clock.advance(by: .seconds(61))
            #expect(try await other.poolStatus().first?.costInLastMinute == 100)
        }
    }
}
