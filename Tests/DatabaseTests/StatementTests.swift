import Database
import TestSupport
import Testing

@Suite struct `A statement` {
    struct Item: RowDecodable, Equatable, Sendable {
        let id: Int64, price: Double, name: String?
        init(id: Int64, price: Double, name: String?) {
            self.id = id
            self.price = price
            self.name = name
        }
        init(_ row: borrowing Row) throws {
            id = try row["id"]
            price = try row["price"]
            name = try row["name"]
        }
    }
    static let schema = MigrationSource(
        "test",
        [
            Migration(
                1, "items",
                up: [
                    "create table items (id bigint primary key, price double precision not null, name text, held smallint)"
                ],
                down: nil)
        ])

    @Test(arguments: DatabaseFixture.every)
    func `takes many rows at once`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            let rows: [[SQLValue]] = (1...50).map { number in
                let name: String? = number == 7 ? nil : "item \(number)"
                return .row(number, Double(number) / 2, name)
            }
            let changes: [[SQLValue]] = [.row(1, 10.0, "one"), .row(2, 20.5, String?.none)]
            let items = try await database.transaction { tx in
                try tx.execute("insert into items (id, price, name) values \(values: rows)")
                try tx.execute(
                    """
                    update items set price = items.price + v.column2, name = v.column3
                      from (values \(values: changes)) as v
                     where items.id = v.column1
                    """)
                return try tx.all(
                    "select id, price, name from items where id <= 3 or id = 7 order by id", as: Item.self)
            }

            #expect(
                items == [
                    Item(id: 1, price: 10.5, name: "one"), Item(id: 2, price: 21.5, name: nil),
                    Item(id: 3, price: 1.5, name: "item 3"), Item(id: 7, price: 3.5, name: nil),
                ])
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `finds by a list of ids of any length with one parameter`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            try await database.transaction { tx in
                try tx.execute("insert into items (id, price) values (1, 1), (2, 2), (3, 3), (\(Int64.max), 4)")
                let many = Array<Int64>(2...50_000) + [.max]
                #expect(
                    try tx.values("select id from items where id \(ids: many) order by id", as: Int64.self) == [
                        2, 3, .max,
                    ])
                #expect(try tx.values("select id from items where id \(ids: [])", as: Int64.self).isEmpty)
                #expect(try tx.values("select id from items where id in (\(list: [Int]()))", as: Int64.self).isEmpty)
                #expect(try tx.execute("delete from items where id in (\(list: [1, 3]))") == 2)
            }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `is put together from parts`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            let conditions: [SQL] = ["price > \(1.0)", "price < \(4.0)", "id \(ids: [1, 2, 3])"]
            let query: SQL =
                "select id from items where \(conditions.joined(separator: " and "))" + " order by id" + " limit \(1)"
            let found = try await database.transaction { tx in
                try tx.execute("insert into items (id, price) values (1, 1), (2, 2), (3, 3), (4, 4)")
                return try tx.values(query + " \(.lock(.noKeyUpdateSkipLocked))", as: Int.self)
            }

            #expect(found == [2])
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `writes and reads times to the millisecond`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase { database in
            let times: [Double] = [0, 1, 999, 1_234_567_890_123, 1_750_000_000_001, 4_102_444_799_999]
            try await database.transaction { tx in
                try tx.script("create table times (at \(postgres: "timestamptz", sqlite: "text"))")
                for time in times { try tx.execute("insert into times (at) values (\(timestamp: time))") }
                #expect(try tx.values("select \(milliseconds: "at") from times order by at", as: Double.self) == times)
                #expect(
                    try tx.values(
                        "select \(milliseconds: "at") from times where at > \(timestamp: 999) order by at",
                        as: Double.self)
                        == Array(times.dropFirst(3)))
                #expect(
                    try tx.value(
                        "select \(postgres: "to_char(at, 'YYYY-MM-DD HH24:MI:SS.MS')", sqlite: "at") from times where at > \(timestamp: 999) order by at limit 1",
                        as: String.self) == "2009-02-13 23:31:30.123")
            }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `that breaks a rule says which, and never with what`(_ fixture: DatabaseFixture) async throws {
        let rules = MigrationSource(
            "rules",
            [
                Migration(
                    1, "rules",
                    up: [
                        "create table parents (id bigint primary key)",
                        """
                        create table children (id bigint primary key, parent bigint references parents (id), name text not null,
                            cost double precision check (cost > 0), constraint children_name unique (name))
                        """,
                    ], down: nil)
            ])
        let secret = "s3cret-value"
        let cases: [(SQL, String)] = [
            ("insert into children (id, name) values (2, \(secret))", "database.unique_violation"),
            ("insert into children (id, name, parent) values (3, 'x', 99)", "database.foreign_key_violation"),
            ("insert into children (id, name, cost) values (3, 'x', -1)", "database.check_violation"),
            ("insert into children (id, name) values (3, \(String?.none))", "database.not_null_violation"),
            ("insert into children (id, nothing) values (3, \(secret))", "database.statement"),
            ("selec \(secret)", "database.statement"),
        ]
        try await fixture.withDatabase(rules) { database in
            try await database.transaction { try $0.execute("insert into children (id, name) values (1, \(secret))") }
            for (statement, code) in cases {
                let error = await #expect(throws: DatabaseError.self) {
                    try await database.transaction { try $0.execute(statement) }
                }

                #expect(error?.code == code)
                #expect(error?.isUniqueViolation == (code == "database.unique_violation"))
                #expect(error?.retry == .never)
                #expect(error.map { "\($0)".contains(secret) } == false)
                if error?.isUniqueViolation == true { #expect(error?.constraint?.contains("name") == true) }
            }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `takes no more than its time`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            let clock = ContinuousClock()
            let began = clock.now
            let error = await #expect(throws: DatabaseError.self) {
                try await database.read { tx in
                    try tx.limitStatements(to: .milliseconds(150))
                    try tx.execute(endless)
                }
            }

            #expect(error?.code == "database.timeout")
            #expect(error?.isRetryable == true)
            #expect((Duration.milliseconds(100)..<Duration.seconds(3)).contains(clock.now - began))
            let after = try await database.read { try $0.value("select 1", as: Int.self) }
            #expect(after == 1)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `is stopped when its task is cancelled`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            for mode in [TransactionMode.read, .write] {
                let started = Gate()
                let task = Task {
                    try await database.transaction(mode) { tx in
                        started.open()
                        try tx.execute(endless)
                    }
                }
                await started.opened()
                let clock = ContinuousClock()
                let began = clock.now
                task.cancel()

                await #expect(throws: CancellationError.self) { try await task.value }
                #expect(clock.now - began < .seconds(4))  // its own limit is five
                let after = try await database.transaction(mode) { try $0.value("select 1", as: Int.self) }
                #expect(after == 1)
            }
        }
    }
}

/// Runs for minutes.
let endless: SQL = """
    with recursive n (i) as (select \(Int64(1)) union all select i + 1 from n where i < 1000000000)
    select count(*) from n
    """
