import Database
import TestSupport
import Testing

@Suite struct `The migrator` {
    static let engine = MigrationSource(
        "engine",
        [
            Migration(
                1, "jobs", up: ["create table jobs (id bigint primary key)", "create index jobs_id on jobs (id)"],
                down: ["drop table jobs"]),
            Migration(
                2, "state", up: ["alter table jobs add column state bigint"],
                down: ["alter table jobs drop column state"]),
        ])
    static let blog = MigrationSource(
        "blog",
        [
            Migration(
                1, "blogs", up: ["create table blogs (job bigint references jobs (id))"], down: ["drop table blogs"])
        ])

    @Test(arguments: DatabaseFixture.every)
    func `applies what is pending, in order, once`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase { database in
            let migrator = Migrator(database, [Self.engine, Self.blog])
            #expect(try await migrator.status().map(\.state) == [.pending, .pending, .pending])
            let behind = await #expect(throws: DatabaseError.self) { try await migrator.check() }

            let first = try await migrator.up()
            let second = try await migrator.up()

            #expect(first.map(\.name) == ["jobs", "state", "blogs"])
            #expect(second.isEmpty)
            #expect(try await migrator.status().allSatisfy { $0.state == .applied && ($0.appliedAt ?? 0) > 0 })
            try await migrator.check()
            #expect(behind?.code == "database.schema_behind")
            #expect(behind?.hint == "run: pressroom migrate up")
            try await database.transaction { try $0.execute("insert into jobs (id, state) values (1, 2)") }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `goes back the way it came`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase { database in
            let migrator = Migrator(database, [Self.engine, Self.blog])
            try await migrator.up()

            let one = try await migrator.down(steps: 1)
            let toFirst = try await migrator.down(source: "engine", to: 1)
            let rest = try await migrator.down(steps: 10)
            let again = try await migrator.up()

            #expect(one.map(\.name) == ["blogs"])
            #expect(toFirst.map(\.name) == ["state"])
            #expect(rest.map(\.name) == ["jobs"])
            #expect(again.count == 3)
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `refuses a database that is newer than the program`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase { database in
            try await Migrator(database, [Self.engine, Self.blog]).up()
            let older = Migrator(database, [MigrationSource("engine", [Self.engine.first])])

            for verb in [older.check, { _ = try await older.up() }, { _ = try await older.down(steps: 1) }] {
                let error = await #expect(throws: DatabaseError.self) { try await verb() }
                #expect(error?.code == "database.schema_newer")
                #expect(error?.hint != nil)
            }
            #expect(try await older.status().map(\.state) == [.applied, .unknown, .unknown])
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `notices a migration that was changed, but not its indentation`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase { database in
            try await Migrator(database, [Self.engine]).up()
            let changed = MigrationSource(
                "engine",
                [
                    Migration(
                        1, "jobs",
                        up: ["create  table jobs\n    (id bigint primary key)", "create index jobs_id on jobs (id)"],
                        down: nil),
                    Migration(2, "state", up: ["alter table jobs add column state text"], down: nil),
                ])

            let error = await #expect(throws: DatabaseError.self) { try await Migrator(database, [changed]).up() }

            #expect(error?.code == "database.schema_changed")
            #expect(try await Migrator(database, [changed]).status().map(\.state) == [.applied, .changed])
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `leaves no trace of a migration that fails in the middle`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase { database in
            let broken = MigrationSource(
                "engine",
                [
                    Self.engine.first,
                    Migration(
                        2, "broken", up: ["create table half (id bigint)", "insert into nowhere values (1)"], down: nil),
                ])
            await #expect(throws: DatabaseError.self) { try await Migrator(database, [broken]).up() }

            let statuses = try await Migrator(database, [broken]).status()
            #expect(statuses.map(\.state) == [.applied, .pending])
            try await database.transaction { try $0.execute("create table half (id bigint)") }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `says when there is no way back`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase { database in
            let migrator = Migrator(
                database,
                [MigrationSource("engine", [Migration(1, "one", up: ["create table t (i bigint)"], down: nil)])])
            try await migrator.up()

            let error = await #expect(throws: DatabaseError.self) { try await migrator.down(steps: 1) }

            #expect(error?.code == "database.irreversible")
            #expect(try await migrator.status().map(\.state) == [.applied])
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `takes turns with others that start at the same time`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase { database in
            let applied = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 {
                    group.addTask { try await Migrator(database, [Self.engine, Self.blog]).up().count }
                }
                return try await group.reduce(0, +)
            }

            #expect(applied == 3)
            try await Migrator(database, [Self.engine, Self.blog]).check()
        }
    }
}

extension MigrationSource {
    /// The first migration of `engine`, as an older program had it.
    var first: Migration {
        Migration(
            1, "jobs", up: ["create table jobs (id bigint primary key)", "create index jobs_id on jobs (id)"],
            down: ["drop table jobs"])
    }
}
