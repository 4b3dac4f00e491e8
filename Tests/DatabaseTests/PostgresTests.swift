import Database
import DatabasePostgres
import Foundation
import TestSupport
import Testing

@Suite struct `The PostgreSQL database` {
    static let schema = MigrationSource(
        "test", [Migration(1, "notes", up: ["create table notes (id bigint primary key, text text)"], down: nil)])

    @Test func `never lets a cancellation reach the next statement`() async throws {
        try await withDatabase({ $0.pool = PoolLimits(connectionsMax: 4, wait: .seconds(60)) }) { database in
            let counts = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<2000 {
                    group.addTask {
                        let task = Task { try await database.read { try $0.value("select \(number)", as: Int.self) } }
                        for _ in 0..<number % 50 { await Task.yield() }
                        task.cancel()
                        let result = await task.result
                        // Whoever comes next on a connection must not feel it.
                        let next = try await database.read { try $0.value("select \(number)", as: Int.self) }
                        #expect(next == number)
                        switch result {
                        case .success(let value):
                            #expect(value == number)
                            return true
                        case .failure(let error):
                            #expect(error is CancellationError)
                            return false
                        }
                    }
                }
                return try await group.reduce(into: [0, 0]) { $0[$1 ? 0 : 1] += 1 }
            }

            #expect(counts[0] + counts[1] == 2000)
            #expect(counts[1] > 0)
        }
    }

    @Test func `runs the body again after a deadlock`() async throws {
        try await withDatabase { database in
            try await database.transaction { try $0.execute("insert into notes (id, text) values (1, '0'), (2, '0')") }
            let runs = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for order in [[1, 2], [2, 1]] {
                    group.addTask {
                        try await database.transaction { tx in
                            try tx.execute(addOne(to: order[0]))
                            runs.increment()
                            while runs.value < 2 { usleep(1000) }  // each holds one row and wants the other's
                            try tx.execute(addOne(to: order[1]))
                        }
                    }
                }
                try await group.waitForAll()
            }

            let texts = try await database.read { try $0.values("select text from notes", as: String.self) }
            #expect(texts == ["2", "2"])
            #expect(runs.value == 3)
        }
    }

    @Test func `does not repeat a transaction whose connection broke in the middle`() async throws {
        try await withDatabase { database in
            let runs = Counter()
            let error = await #expect(throws: DatabaseError.self) {
                try await database.transaction { tx in
                    runs.increment()
                    try tx.execute("insert into notes (id) values (1)")
                    try tx.execute("select pg_terminate_backend(pg_backend_pid())")
                }
            }

            #expect(error?.code == "database.connection_lost")
            #expect(error?.isUnavailable == true)
            #expect(runs.value == 1)
            let count = try await database.read { try $0.value("select count(*) from notes", as: Int.self) }
            #expect(count == 0)
        }
    }

    @Test func `says that a commit is ambiguous when its answer does not come`() async throws {
        try await withDatabase { database in
            try await database.transaction { tx in
                try tx.script(
                    """
                    create function die() returns trigger language plpgsql
                        as 'begin perform pg_terminate_backend(pg_backend_pid()); return null; end';
                    create constraint trigger die after insert on notes deferrable initially deferred
                        for each row execute function die()
                    """)
            }
            let error = await #expect(throws: DatabaseError.self) {
                try await database.transaction { try $0.execute("insert into notes (id) values (1)") }
            }

            #expect(error?.code == "database.ambiguous_commit")
            #expect(error?.isRetryable == false)
            let after = try await database.transaction { try $0.value("select 1", as: Int.self) }
            #expect(after == 1)
        }
    }

    @Test func `finds idle connections that died without telling anybody`() async throws {
        try await withDatabase { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<5 {
                    group.addTask { _ = try await database.transaction { try $0.execute("select pg_sleep(0.1)") } }
                }
                try await group.waitForAll()
            }
            try await database.transaction { tx in
                try tx.execute(
                    """
                    select pg_terminate_backend(pid) from pg_stat_activity
                     where pid <> pg_backend_pid() and application_name = current_setting('application_name')
                       and query like '%pg_sleep(0.1)%' or query = 'commit' and pid <> pg_backend_pid()
                       and application_name = current_setting('application_name')
                    """)
            }

            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 0..<5 {
                    group.addTask {
                        _ = try await database.transaction { try $0.execute("insert into notes (id) values (\(id))") }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `ends a transaction whose body dawdles`() async throws {
        try await withDatabase({ $0.idleInTransactionLimit = .milliseconds(100) }) { database in
            let error = await #expect(throws: DatabaseError.self) {
                try await database.transaction { tx in
                    try tx.execute("insert into notes (id) values (1)")
                    usleep(400_000)
                    try tx.execute("insert into notes (id) values (2)")
                }
            }

            #expect(error?.code == "database.connection_lost")
        }
    }

    @Test func `explains what it cannot reach, and gives no password away`() async throws {
        guard let url = try DatabaseSchema.serverURL() else { try Test.cancel("PRESSROOM_SKIP_POSTGRES=1") }
        var wrongPassword = try #require(URLComponents(string: url))
        wrongPassword.password = "hunter2"
        var wrongDatabase = try #require(URLComponents(string: url))
        wrongDatabase.path = "/nowhere"
        let cases = [
            (wrongPassword.string ?? "", "database.refused"), (wrongDatabase.string ?? "", "database.refused"),
            ("postgres://me:hunter2@127.0.0.1:1/x", "database.unavailable"),
        ]
        for (url, code) in cases {
            let database = try PostgresDatabase(PostgresConfiguration(url: url))
            let clock = ContinuousClock()
            let began = clock.now
            let error = await #expect(throws: DatabaseError.self) { try await database.read { _ in } }
            #expect(error?.code == code)
            #expect(error?.hint?.contains("DATABASE_URL") == true)
            #expect(error.map { "\($0) \($0.hint ?? "")".contains("hunter2") } == false)
            #expect(clock.now - began < .seconds(6))
            await database.close()
        }
        let bad = #expect(throws: DatabaseError.self) {
            try PostgresDatabase(PostgresConfiguration(url: "postgres://me:hunter2%zz@host/x"))
        }
        #expect(bad?.code == "database.bad_configuration")
        #expect(bad.map { "\($0)".contains("hunter2") } == false)
    }

    @Test func `keeps boundedly many prepared statements`() async throws {
        try await withDatabase({ configuration in
            configuration.statementsMax = 8
            configuration.pool = PoolLimits(connectionsMax: 1)
        }) { database in
            for count in 1...30 {
                let sum = try await database.read { tx in
                    try tx.value(
                        "select count(*) from (values \(values: (1...count).map { .row($0) })) as v", as: Int.self)
                }
                #expect(sum == count)
            }

            let kept = try await database.read {
                try $0.value("select count(*) from pg_prepared_statements", as: Int.self)
            }
            #expect(kept ?? 0 <= 8)
        }
    }

    @Test func `works without prepared statements, for poolers`() async throws {
        try await withDatabase({ $0.statementsMax = 0 }) { database in
            let texts = try await database.transaction { tx in
                for id in 1...3 { try tx.execute("insert into notes (id, text) values (\(id), \(String?.none))") }
                _ = try tx.now()
                return try tx.values(
                    "select coalesce(text, 'none') from notes where id \(ids: [1, 2])", as: String.self)
            }
            let prepared = try await database.read {
                try $0.value("select count(*) from pg_prepared_statements", as: Int.self)
            }

            #expect(texts == ["none", "none"])
            #expect(prepared == 0)
        }
    }

    @Test func `follows a schema that changes under a prepared statement`() async throws {
        try await withDatabase({ $0.pool = PoolLimits(connectionsMax: 1) }) { database in
            @Sendable func columns() async throws -> Int {
                try await database.read { tx in
                    var count = 0
                    try tx.execute("select 1")
                    try tx.forEach("select * from notes") { count = $0.columnNames.count }
                    return count
                }
            }
            try await database.transaction { try $0.execute("insert into notes (id) values (1)") }
            #expect(try await columns() == 2)
            try await database.transaction { try $0.execute("alter table notes add column more text") }
            let after = try await columns()

            #expect(after == 3)
        }
    }

    @Test func `applies a queue's settings to each session`() async throws {
        try await withDatabase({ $0.settings.merge(PostgresConfiguration.queueSettings) { $1 } }) { database in
            let settings = try await database.read { tx in
                try tx.values(
                    """
                    select current_setting(name) from (values ('enable_seqscan'), ('jit'), ('plan_cache_mode'),
                        ('statement_timeout'), ('TimeZone')) as v (name)
                    """, as: String.self)
            }

            #expect(settings == ["off", "off", "force_generic_plan", "5s", "UTC"])
        }
    }

    @Test func `reports settings under which a commit could be lost`() async throws {
        try await withDatabase { database in
            let problems = try await database.durability()
            #expect(problems == [])
        }
        try await withDatabase({ $0.settings["synchronous_commit"] = "off" }) { database in
            let problems = try await database.durability()
            #expect(problems.map(\.description) == ["synchronous_commit is off; it must be on"])
        }
    }

    private func addOne(to id: Int) -> SQL {
        "update notes set text = cast(cast(text as bigint) + 1 as text) where id = \(id)"
    }

    private func withDatabase(
        _ adjust: (inout PostgresConfiguration) -> Void = { _ in }, _ body: (PostgresDatabase) async throws -> Void
    ) async throws {
        try await DatabaseSchema.with { given in
            var configuration = given
            configuration.applicationName = "test-\(UUID().uuidString.prefix(8))"
            adjust(&configuration)
            let database = try PostgresDatabase(configuration)
            try await Migrator(database, [Self.schema]).up()
            try await body(database)
            await database.close()
        }
    }
}
