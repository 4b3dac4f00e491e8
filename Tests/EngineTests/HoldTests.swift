import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `A pause` {
    @Test(arguments: DatabaseFixture.every)
    func `of a tenant starts nothing new, and lets the others go on`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let held = try await bench.tenant("held")
            let free = try await bench.tenant("free")
            try await bench.enqueue(2, for: held)
            let running = try await bench.claimOne()
            try await bench.database.transaction { try bench.engine.hold(held, in: $0) }
            try await bench.enqueue(1, for: held)
            try await bench.enqueue(1, for: free)

            #expect(try await bench.claim().steps.map(\.job.tenant) == [free])
            #expect(try await bench.record(running) == .recorded)
            #expect(try await bench.claim().steps.isEmpty)

            try await bench.engine.transaction { try bench.engine.resume(held, in: $0, waking: $1) }
            #expect(try await bench.claim().steps.count == 2)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is inherited by lanes that are made later, and so is the weight`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.pools = [PoolDefinition("free"), PoolDefinition("other")] }) { bench, _ in
            let tenant = try await bench.tenant()
            try await bench.database.transaction { transaction in
                try bench.engine.hold(tenant, in: transaction)
                try bench.engine.setWeight(3, of: tenant, in: transaction)
            }

            try await bench.enqueue(1, on: "other", for: tenant)

            #expect(try await bench.claim("other").steps.isEmpty)
            #expect(try await bench.number("select weight from lanes") == 3)
            try await bench.engine.transaction { try bench.engine.resume(tenant, in: $0, waking: $1) }
            #expect(try await bench.claim("other").steps.count == 1)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is not caught up on afterwards`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            let paused = try await bench.tenant("paused")
            let steady = try await bench.tenant("steady")
            try await bench.enqueue(200, for: paused)
            try await bench.enqueue(200, for: steady)
            try await bench.database.transaction { try bench.engine.hold(paused, in: $0) }
            try await bench.serve("free", upTo: 10, seconds: 10, by: clock)

            try await bench.engine.transaction { try bench.engine.resume(paused, in: $0, waking: $1) }
            let next = try await bench.claim(upTo: 20).steps

            #expect((8...12).contains(next.count { $0.job.tenant == paused }))
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `does not end because new work arrives`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let tenant = try await bench.tenant()
            try await bench.enqueue(1, for: tenant)
            _ = try await bench.claim()
            try await bench.database.transaction { try bench.engine.hold(tenant, in: $0) }

            try await bench.enqueue(5, for: tenant)

            #expect(try await bench.claim().steps.isEmpty)
            #expect(try await bench.engine.poolsWithWork().isEmpty)
        }
    }

    @Test(arguments: DatabaseFixture.every, ["free", "model"])
    func `of a pool stops it alone`(_ fixture: DatabaseFixture, _ name: String) async throws {
        try await fixture.withEngine({ $0.pools = [PoolDefinition("free"), .counted("model")] }) { bench, _ in
            let tenant = try await bench.tenant()
            let pool = PoolName(rawValue: name)
            try await bench.enqueue(1, on: "free", for: tenant)
            try await bench.enqueue(1, on: "model", for: tenant)
            try await bench.database.transaction { try bench.engine.hold(pool, in: $0) }

            #expect(try await bench.claim(pool).steps.isEmpty)
            #expect(try await bench.claim(name == "free" ? "model" : "free").steps.count == 1)
            #expect(try await bench.engine.poolStatus().first { $0.name == pool }?.isHeld == true)

            try await bench.engine.transaction { try bench.engine.resume(pool, in: $0, waking: $1) }
            #expect(try await bench.claim(pool).steps.count == 1)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `of an unknown tenant or pool is refused`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let nobody = TenantID(rawValue: 5)

            await #expect(throws: EngineError.unknownTenant(nobody)) {
                try await bench.database.transaction { try bench.engine.hold(nobody, in: $0) }
            }
            await #expect(throws: EngineError.unknownTenant(nobody)) {
                try await bench.database.transaction { try bench.engine.setWeight(2, of: nobody, in: $0) }
            }
            await #expect(throws: EngineError.unknownPool("moon")) {
                try await bench.database.transaction { try bench.engine.hold("moon" as PoolName, in: $0) }
            }
        }
    }
}
