import Database
@testable import Engine
import TestSupport
import Testing

@Suite struct `Admission` {
    static let model = PoolDefinition.make("model") { $0.costPerMinute = 600 }

    @Test(arguments: DatabaseFixture.every)
    func `ends exactly at the limit, and says when to come again`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({
            $0.pools = [Self.model]
            $0.limits.queueSizeMax = 10
        }) { bench, _ in
            let tenant = try await bench.tenant()
            for _ in 0..<10 { try await bench.enqueue([.run("first", pool: "model", cost: 60)], for: tenant) }

            let error = await #expect(throws: EngineError.self) {
                try await bench.enqueue([.run("first", pool: "model", cost: 60)], for: tenant)
            }

            #expect(error == .queueFull(size: 10, retryAfter: .seconds(6)))
            let admission = try await bench.engine.admission()
            #expect(admission.isFull)
            #expect(admission.queueSize == 10)
            #expect(admission.estimatedWait == .seconds(60))
            #expect(admission.retryAfter == .seconds(6))
            #expect(try await bench.engine.queueSize() == 10)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `opens again as soon as a job has begun or gone`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.limits.queueSizeMax = 3 }) { bench, _ in
            let tenant = try await bench.tenant()
            try await bench.enqueue(2, for: tenant)
            let last = try await bench.enqueue(for: tenant)
            await #expect(throws: EngineError.self) { try await bench.enqueue(for: tenant) }

            _ = try await bench.claimOne()
            try await bench.enqueue(for: tenant)
            try await bench.cancel(last)
            try await bench.enqueue(for: tenant)

            await #expect(throws: EngineError.self) { try await bench.enqueue(for: tenant) }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `never lets more in than there is room for, however many come at once`(_ fixture: DatabaseFixture) async throws
    {
        try await fixture.withEngine({ $0.limits.queueSizeMax = 30 }) { bench, _ in
            let tenant = try await bench.tenant()

            let admitted = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        do {
                            try await bench.enqueue(for: tenant)
                            return true
                        } catch { return false }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }

            #expect(admitted <= 30)
            #expect(try await bench.engine.queueSize() == admitted)
            for _ in admitted..<30 { try await bench.enqueue(for: tenant) }
            await #expect(throws: EngineError.self) { try await bench.enqueue(for: tenant) }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `keeps no place for what was rolled back`(_ fixture: DatabaseFixture) async throws {
        struct Refusal: Error {}
        try await fixture.withEngine({ $0.limits.queueSizeMax = 5 }) { bench, _ in
            let tenant = try await bench.tenant()
            try await bench.enqueue(for: tenant)

            for _ in 0..<20 {
                await #expect(throws: Refusal.self) {
                    try await bench.engine.transaction { transaction, wakes in
                        try bench.engine.enqueue(
                            Errand.Input([.run("first", pool: "free", cost: 1)]), as: Errand.self, for: tenant,
                            in: transaction, waking: wakes)
                        throw Refusal()
                    }
                }
            }

            try await bench.enqueue(4, for: tenant)
            await #expect(throws: EngineError.self) { try await bench.enqueue(for: tenant) }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `counts a whole batch that one transaction submits`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withEngine({ $0.limits.queueSizeMax = 10 }) { bench, _ in
            let tenant = try await bench.tenant()

            await #expect(throws: EngineError.self) { try await bench.enqueue(11, for: tenant) }
            try await bench.enqueue(10, for: tenant)

            #expect(try await bench.engine.queueSize() == 10)
        }
    }
}
