import Database
import DatabasePostgres
import TestSupport
import Testing

@Suite(.serialized) struct `After the server restarted` {
    @Test(arguments: ["fast", "immediate"])
    func `work goes on within two seconds`(_ mode: String) async throws {
        try await DatabaseServer.with { server in
            var configuration = PostgresConfiguration(url: server.url, pool: PoolLimits(connectionsMax: 8))
            configuration.applicationName = "restart"
            let database = try PostgresDatabase(configuration)
            let notifications = try PostgresNotifications(configuration)
            let lock = SessionLock(classID: 1, objectID: 2)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await notifications.run() }
                notifications.hold(lock)
                var heard = notifications.subscribe("jobs").makeAsyncIterator()
                #expect(await heard.next() == "")
                try await database.transaction { try $0.execute("create table notes (id bigint primary key)") }
                let load = Load(database)
                group.addTask { await load.run() }
                try await until { load.stored.count > 20 }

                try server.halt(mode)
                let down = await #expect(throws: DatabaseError.self) { try await database.read { _ in } }
                #expect(down?.isUnavailable == true)
                try await until { !notifications.isConnected }
                #expect(notifications.heldLock == nil)
                await notifications.post("jobs", "posted while down")
                try server.start()
                let clock = ContinuousClock()
                let up = clock.now
                let before = load.stored.count
                try await until { load.stored.count > before }
                try await until { notifications.heldLock == lock }
                var payloads: Set<String> = []
                while payloads.count < 2, let payload = await heard.next() { payloads.insert(payload) }
                #expect(payloads == ["", "posted while down"])
                #expect(clock.now - up < .seconds(2))

                load.stop()
                group.cancelAll()
                try await group.waitForAll()
                let stored = Set(try await database.read { try $0.values("select id from notes", as: Int.self) })
                // What was acknowledged is there; what was refused is not; what is in doubt may be either.
                #expect(load.stored.isSubset(of: stored))
                #expect(load.refused.isDisjoint(with: stored))
                #expect(stored.isSubset(of: load.stored.union(load.inDoubt)))
            }
            await database.close()
        }
    }
}
