import Database
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import DatabasePostgres

@Suite struct `A server's pulse` {
    @Test func `is there while others are answered, however long one waits`() {
        let asked = Counter()
        let pulse = ServerPulse(limit: .seconds(60)) { _ in
            asked.increment()
            return false
        }
        pulse.note()

        #expect(!pulse.isSilent(since: .now - .seconds(600)))
        #expect(asked.value == 0)
    }

    @Test func `is there when nobody is answered but a newcomer is`() {
        let pulse = ServerPulse(limit: .zero) { _ in true }

        #expect(!pulse.isSilent(since: .now - .seconds(1)))
        #expect(!pulse.isSilent)
    }

    @Test func `is gone when a newcomer hears nothing either, and back with the first answer`() async throws {
        let isFrozen = Mutex(true)
        let pulse = ServerPulse(limit: .milliseconds(20)) { limit in
            if isFrozen.withLock({ $0 }) { usleep(UInt32(limit.milliseconds * 1000)) }
            return !isFrozen.withLock { $0 }
        }

        try await until { pulse.isSilent(since: .now - .seconds(1)) }
        #expect(pulse.isSilent)
        isFrozen.withLock { $0 = false }
        try await until { !pulse.isSilent }
    }

    @Test func `is not judged by one who has only begun to wait`() {
        let pulse = ServerPulse(limit: .seconds(60)) { _ in false }

        #expect(!pulse.isSilent(since: .now))
    }
}

@Suite(.serialized) struct `A server that says nothing` {
    @Test func `is given up within two seconds, refuses at once, and is there again when it answers`() async throws {
        try await DatabaseServer.with { server in
            var configuration = PostgresConfiguration(url: server.url, pool: PoolLimits(connectionsMax: 4))
            configuration.reconnectBudget = .milliseconds(100)
            let database = try PostgresDatabase(configuration)
            try await database.read { _ in }
            let clock = ContinuousClock()

            try server.freeze()
            for limit in [Duration.seconds(2), .seconds(1)] {
                let began = clock.now
                let error = await #expect(throws: DatabaseError.self) { try await database.read { _ in } }
                #expect(error?.kind == .unavailable)
                #expect(clock.now - began < limit)
            }
            try server.thaw()
            let thawed = clock.now
            try await until { (try? await database.read { try $0.value("select 1", as: Int.self) }) == 1 }

            #expect(clock.now - thawed < .seconds(2))
            await database.close()
        }
    }

    @Test func `is not taken for gone while a slow statement is all there is`() async throws {
        try await DatabaseServer.with { server in
            let database = try PostgresDatabase(
                PostgresConfiguration(url: server.url, pool: PoolLimits(connectionsMax: 1)))

            let slept = try await database.read { try $0.value("select 1 from pg_sleep(2.5)", as: Int.self) }

            #expect(slept == 1)
            await database.close()
        }
    }
}
