import Database
import DatabasePostgres
import Synchronization
import TestSupport
import Testing

@Suite struct `A statement that nobody waits for` {
    static let schema = MigrationSource(
        "test",
        [Migration(1, "notes", up: ["create table notes (id bigint primary key, text text)"], down: nil)])

    @Test(arguments: DatabaseFixture.every)
    func `keeps its place among the others`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            let seen = try await database.transaction { tx in
                try tx.executeLater("insert into notes (id, text) values (1, 'one')")
                try tx.execute("update notes set text = 'two' where id = 1")
                try tx.executeLater("update notes set text = text || ' three' where id = 1")
                return try tx.value("select text from notes", as: String.self)
            }

            #expect(seen == "two three")
        }
    }

    @Test(arguments: DatabaseFixture.every, [false, true])
    func `lends its rows before the transaction ends`(_ fixture: DatabaseFixture, isLast: Bool) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            let seen = Seen()
            let inTime = try await database.transaction { tx in
                try tx.executeLater("insert into notes (id, text) values (7, 'seven'), (8, 'eight') returning id, text")
                {
                    seen.note(try? $0[0], try? $0["text"])
                }
                if !isLast { try tx.execute("update notes set text = null where id = 8") }
                return seen.rows
            }

            let rows = ["7 seven", "8 eight"]
            #expect(seen.rows == rows)
            if !isLast { #expect(inTime == rows) }
        }
    }

    final class Seen: Sendable {
        private let kept = Mutex<[String]>([])
        var rows: [String] { kept.withLock(\.self) }
        func note(_ id: Int?, _ text: String?) { kept.withLock { $0.append("\(id ?? 0) \(text ?? "nothing")") } }
    }

    @Test(arguments: DatabaseFixture.every)
    func `commits with the rest when it is the last`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            for id in 1...3 {
                try await database.transaction { tx in
                    try tx.executeLater("insert into notes (id) values (\(id))")
                    try tx.executeLater("update notes set text = 'seen' where id = \(id)")
                }
            }

            let count = try await database.read {
                try $0.value("select count(*) from notes where text = 'seen'", as: Int.self)
            }
            #expect(count == 3)
        }
    }

    @Test(arguments: DatabaseFixture.every, [false, true])
    func `fails the next statement, or the commit`(_ fixture: DatabaseFixture, isLast: Bool) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            for _ in 0..<3 {
                let error = await #expect(throws: DatabaseError.self) {
                    try await database.transaction { tx in
                        try tx.executeLater("insert into notes (id) values (1)")
                        try tx.executeLater("insert into notes (id) values (1)")
                        if !isLast { try tx.execute("insert into notes (id) values (2)") }
                    }
                }

                #expect(error?.kind == .uniqueViolation)
            }
            let count = try await database.read { try $0.value("select count(*) from notes", as: Int.self) }
            #expect(count == 0)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is undone with the savepoint that it failed in`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            try await database.transaction { tx in
                try tx.executeLater("insert into notes (id) values (1)")
                do {
                    try tx.savepoint { tx in
                        try tx.executeLater("insert into notes (id) values (2)")
                        try tx.executeLater("insert into notes (id) values (1)")
                    }
                    Issue.record("the savepoint did not notice")
                } catch let error as DatabaseError {
                    #expect(error.kind == .uniqueViolation)
                }
                try tx.executeLater("insert into notes (id) values (3)")
            }

            let ids = try await database.read { try $0.values("select id from notes order by id", as: Int.self) }
            #expect(ids == [1, 3])
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is prepared anew after it could not be`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            for _ in 0..<2 {
                let error = await #expect(throws: DatabaseError.self) {
                    try await database.transaction { try $0.executeLater("insert into late (id) values (1)") }
                }
                #expect(error?.kind == .statement)
            }
            try await database.transaction { try $0.execute("create table late (id bigint)") }
            try await database.transaction { try $0.executeLater("insert into late (id) values (1)") }

            let count = try await database.read { try $0.value("select count(*) from late", as: Int.self) }
            #expect(count == 1)
        }
    }

    /// More than the buffers of a connection hold in either direction: nobody may wait for the other.
    @Test(arguments: DatabaseFixture.all)
    func `may be one of thousands with long answers`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            let text = String(repeating: "x", count: 10_000)
            let count = try await database.transaction { tx in
                try tx.execute("insert into notes (id, text) values (0, \(text))")
                for id in 1...3000 {
                    try tx.executeLater("insert into notes (id, text) values (\(id), \(text))")
                    try tx.executeLater("select text from notes where id = 0")
                }
                return try tx.value("select count(*) from notes", as: Int.self)
            }

            #expect(count == 3001)
        }
    }

    @Test func `wakes without waiting for the disk, and later commits wait as before`() async throws {
        try await DatabaseSchema.with { configuration in
            var single = configuration
            single.pool = PoolLimits(connectionsMin: 1, connectionsMax: 1)
            single.settings["synchronous_commit"] = "on"
            let database = try PostgresDatabase(single)
            try await Migrator(database, [Self.schema]).up()
            try await database.transaction { tx in
                try tx.executeLater("insert into notes (id) values (1)")
                let isTaken = tx.wakeAfterCommit(["test_hasty"])
                #expect(isTaken)
            }

            let setting: String? = try await database.transaction { tx in
                try tx.value("select current_setting('synchronous_commit')")
            }

            #expect(setting == "on")
            await database.close()
        }
    }

    @Test func `wakes with the commit, and not without`() async throws {
        try await DatabaseSchema.with { configuration in
            let database = try PostgresDatabase(configuration)
            let notifications = try PostgresNotifications(configuration)
            var heard = notifications.subscribe("test_later").makeAsyncIterator()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await notifications.run() }
                #expect(await heard.next() == "")  // it listens now
                try await Migrator(database, [Self.schema]).up()

                try? await database.transaction { tx in
                    _ = tx.wakeAfterCommit(["test_later"])
                    try tx.execute("insert into missing (id) values (1)")
                }
                let isTaken = try await database.transaction { tx in
                    try tx.executeLater("insert into notes (id) values (1)")
                    // The one before may have used up this moment's turn.
                    while !tx.wakeAfterCommit(["test_later", "test_other"]) {}
                    return true
                }
                #expect(isTaken)
                #expect(await heard.next() == "")
                await notifications.post("test_later", "the end")
                #expect(await heard.next() == "the end")
                group.cancelAll()
            }
            await database.close()
        }
    }
}
