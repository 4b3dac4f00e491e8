import Database
import DatabasePostgres
import Limits
import TestSupport
import Testing

@Suite struct `A PostgreSQL server that stops` {
    @Test func `leaves each of two replicas with its part of the limit, and comes back to both`() async throws {
        try await DatabaseServer.with { server in
            var configuration = PostgresConfiguration(url: server.url, pool: PoolLimits(connectionsMax: 4))
            configuration.connectLimit = .seconds(1)
            let database = try PostgresDatabase(configuration)
            try await Migrator(database, [LimitMigrations.source]).up()
            try await Replicas.with(on: database, settings: RateLimiter.Settings()) { replicas in
                let before = await replicas.admitted(of: 20)
                try server.halt("immediate")

                let away = await replicas.admitted(of: 2_000)

                for (first, second) in zip(before, away) {
                    #expect(first + second <= 120)
                    #expect(first + second >= 55)
                }

                try server.start()
                // A try a second; then another caller's requests are shared again.
                var rows = 0
                for _ in 0..<300 where rows == 0 {
                    _ = await replicas.admitted(of: 2, subject: .user("later"))
                    try await Task.sleep(for: .milliseconds(100))
                    let found: Int?? = try? await database.read {  // not back yet
                        try $0.value("select count(*) from rate_limits where id = 'public_read user:later'")
                    }
                    rows = (found ?? 0) ?? 0
                }
                #expect(rows == 1)
            }
            await database.close()
        }
    }
}
