import Database
import TestSupport
import Testing

@Suite struct `A transaction` {
    static let schema = MigrationSource(
        "test",
        [Migration(1, "notes", up: ["create table notes (id bigint primary key, text text not null)"], down: nil)])

    struct Refusal: Error, Equatable {}

    @Test(arguments: DatabaseFixture.every)
    func `is visible to the next one once it has returned`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            let changed = try await database.transaction { tx in
                try tx.execute("insert into notes (id, text) values (1, 'one'), (2, 'two')")
            }

            let texts = try await database.read { try $0.values("select text from notes order by id", as: String.self) }
            #expect(changed == 2)
            #expect(texts == ["one", "two"])
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `leaves nothing behind when its body throws`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            await #expect(throws: Refusal()) {
                try await database.transaction { tx in
                    try tx.execute("insert into notes (id, text) values (1, 'one')")
                    throw Refusal()
                }
            }

            let left = try await count(database)
            #expect(left == 0)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `cannot commit after a swallowed failure`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            let error = await #expect(throws: DatabaseError.self) {
                try await database.transaction { tx in
                    try tx.execute("insert into notes (id, text) values (1, 'one')")
                    _ = try? tx.execute("insert into notes (id, text) values (1, 'again')")  // the mistake under test
                }
            }

            #expect(error?.kind == .uniqueViolation)
            let left = try await count(database)
            #expect(left == 0)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `goes on after a savepoint that failed`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            try await database.transaction { tx in
                try tx.execute("insert into notes (id, text) values (1, 'one')")
                _ = try? tx.savepoint { tx in
                    try tx.execute("insert into notes (id, text) values (2, 'two')")
                    try tx.execute("insert into notes (id, text) values (1, 'again')")
                }
                try tx.savepoint { tx in
                    try tx.savepoint { try $0.execute("insert into notes (id, text) values (3, 'three')") }
                }
            }

            let ids = try await database.read { try $0.values("select id from notes order by id", as: Int.self) }
            #expect(ids == [1, 3])
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `that reads cannot write`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            let error = await #expect(throws: DatabaseError.self) {
                try await database.read { try $0.execute("insert into notes (id, text) values (1, 'one')") }
            }

            #expect(error?.kind == .readOnly)
            let left = try await count(database)
            #expect(left == 0)
            try await database.transaction { try $0.execute("insert into notes (id, text) values (1, 'one')") }
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `that reads keeps its snapshot while another commits`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            let gate = Gate(), committed = Gate()
            async let counts = database.read { tx in
                let before = try tx.value("select count(*) from notes", as: Int.self)
                gate.open()
                committed.wait()
                return [before, try tx.value("select count(*) from notes", as: Int.self)]
            }
            await gate.opened()
            try await database.transaction { try $0.execute("insert into notes (id, text) values (1, 'one')") }
            committed.open()

            #expect(try await counts == [0, 0])
            #expect(try await count(database) == 1)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `runs statements while it walks over rows`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            try await database.transaction { tx in
                try tx.execute("insert into notes (id, text) values (1, 'a'), (2, 'b'), (3, 'c')")
                try tx.forEach("select id from notes order by id") { row in
                    let id: Int = try row["id"]
                    try tx.forEach("select id from notes order by id") { inner in
                        let other: Int = try inner["id"]
                        try tx.execute("update notes set text = text || \(String(other)) where id = \(id)")
                    }
                }
            }

            let texts = try await database.read { try $0.values("select text from notes order by id", as: String.self) }
            #expect(texts == ["a123", "b123", "c123"])
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `counts changed rows, and returned ones of a select`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            let counts = try await database.transaction { tx in
                [
                    try tx.execute("insert into notes (id, text) values (1, 'a'), (2, 'b'), (3, 'c')"),
                    try tx.execute("select id from notes where id > 1"),
                    try tx.execute("update notes set text = 'x' where id > 100"),
                    try tx.execute("update notes set text = 'x' where id > 1 returning id"),
                    try tx.execute("create table others (id bigint)"),
                    try tx.execute("insert into notes (id, text) values (1, 'z') on conflict do nothing"),
                    try tx.execute("delete from notes"),
                ]
            }

            #expect(counts == [3, 2, 0, 2, 0, 0, 3])
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `tells the time of the database`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase { database, clock in
            let first = try await database.transaction { try $0.now() }
            clock?.advance(by: .seconds(90))
            let second = try await database.transaction { try $0.now() }

            #expect(first > 1_700_000_000_000)
            #expect(second >= first + (clock == nil ? 0 : 90_000))
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `of a hundred tasks at once loses nothing`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            try await database.transaction { try $0.execute("insert into notes (id, text) values (0, '0')") }

            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 1...100 {
                    group.addTask {
                        try await database.transaction { tx in
                            try tx.execute("insert into notes (id, text) values (\(id), 'x')")
                            try tx.execute(
                                "update notes set text = cast(cast(text as bigint) + 1 as text) where id = 0")
                        }
                    }
                }
                try await group.waitForAll()
            }

            #expect(try await count(database) == 101)
            let sum = try await database.read { try $0.value("select text from notes where id = 0", as: String.self) }
            #expect(sum == "100")
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `of a cancelled task does not begin`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            await withTaskGroup(of: Void.self) { group in
                group.cancelAll()
                group.addTask {
                    await #expect(throws: CancellationError.self) {
                        try await database.transaction {
                            try $0.execute("insert into notes (id, text) values (1, 'x')")
                        }
                    }
                }
            }

            let left = try await count(database)
            #expect(left == 0)
        }
    }

    private func count(_ database: any Database) async throws -> Int? {
        try await database.read { try $0.value("select count(*) from notes") }
    }
}
