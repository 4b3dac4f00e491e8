import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `A tenant's cap` {
    @Test(arguments: DatabaseFixture.every, ["free", "model"])
    func `holds at once, in lanes that are there and lanes that come, until it is lifted`(
        _ fixture: DatabaseFixture, _ name: String
    ) async throws {
        try await fixture.withEngine({ $0.pools = [PoolDefinition("free"), .counted("model")] }) { bench, clock in
            let pool = PoolName(rawValue: name)
            let capped = try await bench.tenant("capped")
            let other = try await bench.tenant("other")
            func setCap(_ cap: Int?) async throws {
                try await bench.engine.transaction { try bench.engine.setCap(cap, of: capped, in: $0, waking: $1) }
            }
            try await bench.enqueue(10, on: name, for: capped)
            try await bench.enqueue(10, on: name, for: other)
            try await setCap(2)

            let first = try await bench.claim(pool).steps
            #expect(first.count { $0.job.tenant == capped } == 2)
            #expect(first.count { $0.job.tenant == other } == 10)
            #expect(try await bench.claim(pool).steps.isEmpty)
            try await bench.record(try #require(first.first { $0.job.tenant == capped }))
            try await clock.advance(by: .milliseconds(200))
            // A pool without limits folds when it finds nothing; its worker then looks again at once.
            let next = try await bench.claim(pool).steps + bench.claim(pool).steps
            #expect(next.count == 1)

            // A process that starts anew keeps it.
            _ = try await bench.another()
            #expect(try await bench.claim(pool).steps.isEmpty)
            #expect(try await bench.database.read { try bench.engine.tenant(capped, in: $0)?.cap } == 2)
            try await setCap(nil)
            #expect(try await bench.claim(pool).steps.count == 7)
            try await bench.expectSoundBooks()
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `of an unknown tenant is refused`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, _ in
            let nobody = TenantID(rawValue: 5)
            await #expect(throws: EngineError.unknownTenant(nobody)) {
                try await bench.engine.transaction { try bench.engine.setCap(1, of: nobody, in: $0, waking: $1) }
            }
        }
    }
}
