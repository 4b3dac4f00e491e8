import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `A place at a provider` {
    static let image = PoolDefinition.make("image") {
        $0.concurrency = 2
        $0.place = PlaceTerms(life: .seconds(60), signal: "image")
    }
    static let plan: [Errand.Action] = [
        .run("first", pool: "image", cost: 1), .wait("image#1", timeoutMilliseconds: 30_000),
        .run("second", pool: "free", cost: 1),
    ]

    /// Three orders, of which two have been placed and recorded.
    static func withOrders(
        _ fixture: DatabaseFixture,
        _ body: (EngineFixture, EngineClock, [JobID]) async throws -> Void
    ) async throws {
        try await fixture.withEngine({ $0.pools = [Self.image, PoolDefinition("free")] }) { bench, clock in
            try await bench.engine.announceWorker(name: "w", version: "1", slots: 10)
            let tenant = try await bench.tenant()
            var ids: [JobID] = []
            for _ in 0..<3 { ids.append(try await bench.enqueue(Self.plan, for: tenant)) }
            for step in try await bench.claim("image").steps { try await bench.record(step) }
            try await body(bench, clock, ids)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `outlasts the step that took it`(_ fixture: DatabaseFixture) async throws {
        try await Self.withOrders(fixture) { bench, _, ids in
            #expect(try await bench.state(ids[1]) == .waiting)
            let claim = try await bench.claim("image")
            #expect(claim.steps.isEmpty)
            let standing = try await bench.standing(ids[2])
            #expect(standing.reason == .slotsFull)
            #expect(standing.evidence == "2 of 2 places at the provider are taken.")
            #expect(try await bench.engine.poolStatus().first?.placesTaken == 2)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is given back by the signal that the order is done, and by no other`(_ fixture: DatabaseFixture) async throws
    {
        try await Self.withOrders(fixture) { bench, _, ids in
            try await bench.signal(ids[0], "review#1")
            #expect(try await bench.claim("image").steps.isEmpty)

            try await bench.signal(ids[0], "image#1")

            #expect(try await bench.claim("image").steps.map(\.job.id) == [ids[2]])
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is given back by the step that says so`(_ fixture: DatabaseFixture) async throws {
        try await Self.withOrders(fixture) { bench, clock, ids in
            try await clock.advance(by: .seconds(31))
            _ = try await bench.engine.runTimers()
            let steps = try await bench.claim("free").steps
            #expect(steps.count == 2)
            try await bench.record(steps[1])  // Still at work.
            _ = try await bench.engine.record(steps[0], .nothing.releasing("image"), spent: nil)

            #expect(try await bench.claim("image").steps.map(\.job.id) == [ids[2]])
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `expires, and a claim says when`(_ fixture: DatabaseFixture) async throws {
        try await Self.withOrders(fixture) { bench, clock, ids in
            try await bench.enqueue(Self.plan, for: bench.tenant())
            try await clock.advance(by: .seconds(20))
            let early = try await bench.claim("image")
            #expect(early.steps.isEmpty)
            #expect(early.nextIn == .seconds(40))

            try await clock.advance(by: .seconds(40))

            #expect(try await bench.claim("image").steps.count == 2)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is free at once when its job is cancelled, refused or taken back`(_ fixture: DatabaseFixture) async throws {
        try await Self.withOrders(fixture) { bench, clock, ids in
            try await bench.cancel(ids[0])
            let refused = try #require(try await bench.claim("image").steps.first)
            let failure = StepFailure(code: "x", message: "x", retry: .refused(.milliseconds(100)))
            _ = try await bench.engine.record(refused, failed: failure, spent: nil)
            try await clock.advance(by: .seconds(1))
            #expect(try await bench.claim("image").steps.count == 1)

            try await clock.advance(by: .seconds(20))
            _ = try await bench.engine.rescue()

            #expect(try await bench.claim("image").steps.map(\.job.id) == [ids[2]])
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `ends with its step where no order outlasts it`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [.make("image") { $0.concurrency = 2 }] }) { bench, _ in
            try await bench.enqueue(4, on: "image", for: bench.tenant())

            for step in try await bench.claim("image").steps { try await bench.record(step) }

            #expect(try await bench.claim("image").steps.count == 2)
            #expect(try await bench.number("select count(*) from pool_places") == 0)
        }
    }
}
