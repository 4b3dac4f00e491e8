import Database
@testable import Engine
import Synchronization
import TestSupport
import Testing

@Suite struct `Events` {
    @Test(arguments: DatabaseFixture.every)
    func `tell a job's story in order, from where the reader left off`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            let id = try await bench.enqueue(for: bench.tenant())
            try await clock.advance(by: .seconds(1))
            try await bench.record(bench.claimOne())

            let all = try await bench.engine.events(of: id)
            let rest = try await bench.engine.events(of: id, after: all[1].id)

            #expect(all.compactMap(\.kind) == [.enqueued, .started, .recorded, .succeeded])
            #expect(all.map(\.id) == all.map(\.id).sorted())
            #expect(all[1].at == EngineClock.beginning + 1000)
            #expect(rest.compactMap(\.kind) == [.recorded, .succeeded])
            #expect(try await bench.engine.latestEventID() == all.last?.id)
            #expect(try await bench.engine.eventsOfAllTenants(after: all[2].id).count == 1)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `are rung for once the transaction has committed, and not otherwise`(_ fixture: DatabaseFixture) async throws {
        struct Refusal: Error {}
        try await fixture.withEngine { bench, _ in
            let tenant = try await bench.tenant()
            let rings = bench.engine.notifications.subscribe(Channel.events)
            let work = try bench.engine.notifications.subscribe(Channel.pool(bench.engine.pools.entry("free").id))
            await #expect(throws: Refusal.self) {
                try await bench.engine.transaction { transaction, wakes in
                    try bench.engine.enqueue(
                        Errand.Input([.run("first", pool: "free", cost: 1)]), as: Errand.self, for: tenant,
                        in: transaction, waking: wakes)
                    throw Refusal()
                }
            }
            await bench.engine.notifications.post(Channel.events, "nothing yet")

            try await bench.enqueue(for: tenant)

            var heard: [String] = []
            for await ring in rings {
                heard.append(ring)
                if heard.count == 2 { break }
            }
            #expect(heard == ["nothing yet", ""])
            for await ring in work {
                #expect(ring.isEmpty)
                break
            }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `and the product's own rows change together`(_ fixture: DatabaseFixture) async throws {
        let seen = Changes()
        var errand = Errand()
        errand.announces = [.first]
        errand.project = { change, _, _ in seen.append(change) }
        let workflow = errand
        try await fixture.withEngine({ $0.workflows = [workflow] }) { bench, _ in
            let tenant = try await bench.tenant()
            let id = try await bench.enqueue(
                [
                    .run("first", pool: "free", cost: 1), .wait("go#1", timeoutMilliseconds: nil),
                    .run("second", pool: "free", cost: 1),
                ], for: tenant)
            try await bench.record(bench.claimOne())
            try await bench.signal(id, "go#1")
            try await bench.record(bench.claimOne())
            let other = try await bench.enqueue(for: tenant)
            try await bench.cancel(other)

            #expect(
                seen.all == [
                    "queued first#1", "started first#1", "waiting go#1", "queued second#1", "succeeded",
                    "queued first#1", "cancelled",
                ])
        }
    }
}

/// What was projected, in order.
final class Changes: Sendable {
    private let changes = Mutex<[String]>([])
    func append(_ change: String) { changes.withLock { $0.append(change) } }
    var all: [String] { changes.withLock { $0 } }
}
