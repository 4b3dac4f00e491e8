import Database
import DatabaseSQLite
import Engine
import Foundation
import Logging
import TestSupport
import Testing

@Suite struct `An engine` {
    @Test func `takes a job through three steps and a wait`() async throws {
        let database = InlineHosted(
            try SQLiteConnection(SQLiteConfiguration(path: ":memory:", now: { Date().timeIntervalSince1970 * 1000 })))
        _ = try await Migrator(database, [EngineMigrations.source]).up()
        var model = PoolDefinition("model")
        model.requestsPerMinute = 600
        model.costPerMinute = 60000
        model.costBurst = 4000
        let errand = Errand()
        let engine = try await Engine.open(
            EngineConfiguration(
                database: database, notifications: LocalNotifications(), workflows: [errand],
                pools: [model, PoolDefinition("free")], random: RandomSource(SystemRandomNumberGenerator()),
                logger: Logger(label: "test")))
        let id = try await engine.transaction { transaction, wakes in
            let tenant = try engine.ensureTenant(named: "acme", in: transaction)
            return try engine.enqueue(
                Errand.Input([
                    .run("first", pool: "model", cost: 100), .wait("go#1", timeoutMilliseconds: nil),
                    .run("second", pool: "free", cost: 1), .run("third", pool: "model", cost: 10),
                ]), as: Errand.self, for: tenant.id, in: transaction, waking: wakes)
        }
        let worker = Worker(WorkerConfiguration(name: "w", version: "1"), engine: engine, clock: ContinuousClock())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            var state = try #require(try await engine.job(id)).state
            for _ in 0..<200 where state != .waiting {
                try await Task.sleep(for: .milliseconds(10))
                state = try #require(try await engine.job(id)).state
            }
            #expect(state == .waiting)
            let standing = try await engine.standings(of: [id])[id]
            #expect(standing?.state == .waiting)
            _ = try await engine.transaction { try engine.signal(id, "go#1", by: "test", in: $0, waking: $1) }
            for _ in 0..<200 where state != .succeeded {
                try await Task.sleep(for: .milliseconds(10))
                state = try #require(try await engine.job(id)).state
            }
            #expect(state == .succeeded)
            worker.drain()
            try await group.waitForAll()
        }
        let events = try await engine.events(of: id).compactMap(\.kind)
        #expect(
            events == [
                .enqueued, .started, .recorded, .waiting, .woken, .started, .recorded, .started, .recorded, .succeeded,
            ])
    }
}
