import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `A weight` {
    @Test(arguments: DatabaseFixture.every)
    func `changes a tenant's share at once`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine { bench, clock in
            let one = try await bench.tenant("one")
            let other = try await bench.tenant("other")
            try await bench.enqueue(200, for: one)
            try await bench.enqueue(200, for: other)
            let before = try await bench.serve("free", upTo: 20, seconds: 2, by: clock)

            try await bench.database.transaction { try bench.engine.setWeight(4, of: one, in: $0) }
            let after = try await bench.serve("free", upTo: 20, seconds: 5, by: clock)

            #expect(before.count { $0.job.tenant == one } == 20)
            #expect((78...82).contains(after.count { $0.job.tenant == one }))
        }
    }
}
