import Database
@testable import Engine
import TestSupport
import Testing

/// Turns over many claims, as the tables keep them.
@Suite struct `A pool's turn` {
    static let limited = PoolDefinition.make("model") {
        $0.costPerMinute = 60_000
        $0.costBurst = 100
        $0.credit = 20
    }

    @Test(arguments: DatabaseFixture.every)
    func `goes round by weight, in cost, however much each has`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [Self.limited] }) { bench, clock in
            let light = try await bench.tenant("light")
            let heavy = try await bench.tenant("heavy", weight: 2)
            let owner = try await bench.tenant("half of everything")
            try await bench.enqueue(100, costing: 10, on: "model", for: light)
            try await bench.enqueue(200, costing: 10, on: "model", for: heavy)
            try await bench.enqueue(60, costing: 50, on: "model", for: owner)

            let served = try await bench.serve("model", seconds: 3, by: clock)

            let cost = { tenant in served.filter { $0.job.tenant == tenant }.map(\.charged).reduce(0, +) }
            let shares = [cost(light), cost(heavy) / 2, cost(owner)]
            #expect(Fairness.jain(shares) > 0.98)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `comes to a newcomer at once, and its credit is bounded`(_ fixture: DatabaseFixture) async throws {
        let pool = PoolDefinition.make("model") {
            $0.costPerMinute = 60_000
            $0.costBurst = 10
            $0.credit = 20
        }
        try await fixture.withEngine({ $0.pools = [pool] }) { bench, clock in
            let old = try await bench.tenant("old")
            try await bench.enqueue(500, costing: 10, on: "model", for: old)
            for _ in 0..<3 {
                _ = try await bench.claim("model")
                try await clock.advance(by: .seconds(1))
            }
            let newcomer = try await bench.tenant("newcomer")
            try await bench.enqueue(100, costing: 10, on: "model", for: newcomer)

            let next = try await bench.claim("model").steps.map(\.job.tenant)

            #expect(next.first == newcomer)
            let lead = next.prefix { $0 == newcomer }.count
            #expect((2...4).contains(lead))  // a credit of two steps, and its turn
            #expect(next.dropFirst(lead).contains(old))
        }
    }

    @Test(arguments: DatabaseFixture.every, ["model", "free"])
    func `does not hold against a tenant what it used while nobody else wanted it`(
        _ fixture: DatabaseFixture, _ pool: String
    ) async throws {
        try await fixture.withEngine({ $0.pools = [Self.limited, PoolDefinition("free")] }) { bench, clock in
            let steady = try await bench.tenant("steady")
            for _ in 0..<50 {
                try await bench.enqueue(1, costing: 10, on: pool, for: steady)
                try await bench.serve(PoolName(rawValue: pool), seconds: 1, by: clock)
            }
            let newcomer = try await bench.tenant("newcomer")
            try await bench.enqueue(100, costing: 10, on: pool, for: newcomer)
            try await bench.enqueue(1, costing: 10, on: pool, for: steady)

            let order = try await bench.serve(PoolName(rawValue: pool), upTo: 5, seconds: 10, by: clock)

            let place = try #require(order.firstIndex { $0.job.tenant == steady })
            #expect(place <= 5)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `reaches every tenant when there are more lanes than a claim looks at`(_ fixture: DatabaseFixture) async throws
    {
        try await fixture.withEngine { bench, _ in
            for index in 0..<50 { try await bench.enqueue(for: bench.tenant("tenant \(index)")) }

            var counts: [Int] = []
            var claim: Claim
            repeat {
                claim = try await bench.claim(upTo: 100)
                counts.append(claim.steps.count)
            } while claim.mayHaveMore

            #expect(counts.reduce(0, +) == 50)
            #expect(counts.count <= 4)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `leaves a lane at its cap until one of its steps has ended`(_ fixture: DatabaseFixture) async throws {
        let pool = PoolDefinition.make("image") {
            $0.lane.concurrency = 2
            $0.concurrency = 5
        }
        try await fixture.withEngine({ $0.pools = [pool] }) { bench, _ in
            let one = try await bench.tenant("one")
            let other = try await bench.tenant("other")
            try await bench.enqueue(5, on: "image", for: one)
            try await bench.enqueue(1, on: "image", for: other)

            let first = try await bench.claim("image").steps
            let second = try await bench.claim("image").steps
            try await bench.record(try #require(first.first { $0.job.tenant == one }))
            let third = try await bench.claim("image").steps

            #expect(first.map(\.job.tenant).count { $0 == one } == 2)
            #expect(first.count == 3)
            #expect(second.isEmpty)
            #expect(third.map(\.job.tenant) == [one])
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `ends at the pool's cap, and goes on when a step has ended`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [.make("image") { $0.concurrency = 3 }] }) { bench, _ in
            try await bench.enqueue(10, on: "image", for: bench.tenant())

            let first = try await bench.claim("image").steps
            let second = try await bench.claim("image").steps
            for step in first { try await bench.record(step) }
            let third = try await bench.claim("image").steps

            #expect(first.count == 3)
            #expect(second.isEmpty)
            #expect(third.count == 3)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `passes over a lane whose own rate is spent, and says when it recovers`(_ fixture: DatabaseFixture)
        async throws
    {
        try await fixture.withEngine({
            $0.pools = [.make("site") { $0.lane.requestsPerMinute = 200 }]
        }) { bench, clock in
            try await bench.enqueue(3, on: "site", for: bench.tenant())

            let first = try await bench.claim("site")
            let second = try await bench.claim("site")
            try await clock.advance(by: .milliseconds(300))
            let third = try await bench.claim("site")

            #expect(first.steps.count == 1)
            #expect(first.nextIn == .milliseconds(300))
            #expect(second.steps.isEmpty)
            #expect(second.nextIn == .milliseconds(300))
            #expect(third.steps.count == 1)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `follows limits that a later start has changed`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [PoolDefinition("image")] }) { bench, _ in
            try await bench.enqueue(10, on: "image", for: bench.tenant())
            #expect(try await bench.claim("image", upTo: 2).steps.count == 2)

            let capped = try await bench.another {
                $0.pools = [
                    .make("image") {
                        $0.concurrency = 5
                        $0.lane.concurrency = 4
                    }
                ]
            }

            #expect(try await bench.claim("image", by: capped).steps.count == 2)
            #expect(try await bench.claim("image", by: bench.engine).steps.isEmpty)
            try await bench.expectSoundBooks()
        }
    }
}
