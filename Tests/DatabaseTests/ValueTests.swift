import Database
import TestSupport
import Testing

@Suite struct `A value` {
    static let schema = MigrationSource(
        "test",
        [
            Migration(
                1, "cells",
                up: [
                    """
                    create table cells (id bigint primary key, n bigint, d double precision, t text,
                        b \(postgres: "bytea", sqlite: "blob"), at \(postgres: "timestamptz", sqlite: "text"))
                    """
                ], down: nil)
        ])

    @Test(arguments: DatabaseFixture.every)
    func `of text comes back as it went`(_ fixture: DatabaseFixture) async throws {
        let control = String(String.UnicodeScalarView((1...0x9f).compactMap { Unicode.Scalar($0) }))
        let texts = [
            "", " ", "'; drop table cells; --", "\\", "\\x41", "$1 $2 %s {0}", "NULL", control,
            "line\r\nline\ttab\u{7f}",
            "Grüße 東京 العربية עברית", "👩🏽‍🚀👨‍👩‍👧‍👦🏳️‍🌈", "e\u{301} é", "\u{feff}\u{ffff}\u{10ffff}\u{202e}", "{\"a\":\"\\u0000\"}",
            String(repeating: "ä", count: 100_000),
        ]
        try await fixture.withDatabase(Self.schema) { database in
            for text in texts {
                let back = try await database.transaction { tx in
                    try tx.execute("delete from cells")
                    try tx.execute("insert into cells (id, t) values (1, \(text))")
                    return try tx.value("select t from cells where t = \(text)", as: String.self)
                }

                // Scalar by scalar: Swift's == would take é and e + accent for the same.
                #expect(back.map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
            }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `of a number comes back as it went`(_ fixture: DatabaseFixture) async throws {
        let integers: [Int64] = [0, 1, -1, .max, .min, 9_007_199_254_740_993]
        let doubles = [
            0.0, -0.0, 0.1, 1e300, -1e-300, .pi, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity,
        ]
        try await fixture.withDatabase(Self.schema) { database in
            try await database.transaction { tx in
                for integer in integers {
                    let back = try tx.value("select \(integer)", as: Int64.self)
                    #expect(back == integer)
                }
                for double in doubles {
                    let back = try tx.value("select \(double)", as: Double.self)
                    #expect(back == double)
                }
                #expect(try tx.value("select \(2)", as: Double.self) == 2)
                #expect(try tx.value("select \(2.0)", as: Int.self) == 2)
                #expect(try tx.value("select 10 > \(9)", as: Bool.self) == true)
                #expect(try tx.value("select \(true)", as: Bool.self) == true)
            }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `of bytes comes back as it went, also when it is large`(_ fixture: DatabaseFixture) async throws {
        let blobs: [[UInt8]] = [[], [0], Array(0...255), Array(repeating: 0xa7, count: 3_000_000)]
        try await fixture.withDatabase(Self.schema) { database in
            for blob in blobs {
                let back = try await database.transaction { tx in
                    try tx.execute("delete from cells")
                    try tx.execute("insert into cells (id, b) values (1, \(blob))")
                    return try tx.value("select b from cells where b is not null", as: [UInt8].self)
                }

                #expect(back == blob)
            }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `that is missing is null, whatever its type`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            try await database.transaction { tx in
                try tx.execute(
                    """
                    insert into cells (id, n, d, t, b, at) values (1, \(Int?.none), \(Double?.none), \(String?.none),
                        \([UInt8]?.none), \(timestamp: nil))
                    """)
                try tx.execute(
                    "update cells set n = v.column2 from (values \(values: [.row(1, Int?.none)])) as v where id = v.column1"
                )
                #expect(
                    try tx.value(
                        "select count(*) from cells where coalesce(n, d) is null and \(Int?.none) is null", as: Int.self
                    ) == 1)
                try tx.forEach("select n, d, t, b, \(milliseconds: "at") as at from cells") { row in
                    let number: Int? = try row["n"]
                    #expect(number == nil)
                    #expect(try row["d"] as Double? == nil)
                    #expect(try row["t"] as String? == nil)
                    #expect(try row["b"] as [UInt8]? == nil)
                    #expect(try row["at"] as Double? == nil)
                    let error = #expect(throws: DatabaseError.self) { try row["n"] as Int }
                    #expect(error?.kind == .unexpectedNull)
                }
            }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `that one of the databases could not keep is refused by both`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            for statement: SQL in [
                "select \("a\0b")", "select \(Double.nan)", "select \(list: Array(repeating: 1, count: 40_000))",
            ] {
                let error = await #expect(throws: DatabaseError.self) {
                    try await database.read { try $0.execute(statement) }
                }
                #expect(error?.code == "database.bad_value")
            }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `of another type than asked for is an error, not a zero`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            try await database.transaction { tx in
                try tx.execute("insert into cells (id, n, d, t) values (1, 5, 1.5, 'abc')")
                try tx.forEach("select * from cells") { row in
                    #expect(kind { try row["t"] as Int } == .typeMismatch)
                    #expect(kind { try row["t"] as Double } == .typeMismatch)
                    #expect(kind { try row["d"] as Int } == .typeMismatch)
                    #expect(kind { try row["t"] as [UInt8] } == .typeMismatch)
                    #expect(kind { try row["nothing"] as Int } == .noColumn)
                    #expect(kind { try row["n"] as Light } == .typeMismatch)
                }
            }
        }
    }

    enum Light: Int, SQLEncodable, SQLDecodable { case red = 1, green = 2 }
    enum Mood: String, SQLEncodable, SQLDecodable { case calm, cross }

    @Test(arguments: DatabaseFixture.every)
    func `may be an enum`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase(Self.schema) { database in
            try await database.transaction { tx in
                try tx.execute("insert into cells (id, n, t) values (1, \(Light.green), \(Mood?.some(.cross)))")
                #expect(try tx.value("select n from cells where n = \(Light.green)", as: Light.self) == .green)
                #expect(
                    try tx.value("select t from cells where n in (\(list: [Light.green]))", as: Mood.self) == .cross)
            }
        }
    }

    @Test(arguments: DatabaseFixture.every)
    func `in a pattern is matched in its case`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withDatabase { database in
            let found = try await database.read { tx in
                [
                    try tx.value("select case when \("abc") like \("a%") then 1 else 0 end", as: Int.self),
                    try tx.value("select case when \("ABC") like \("a%") then 1 else 0 end", as: Int.self),
                ]
            }

            #expect(found == [1, 0])
        }
    }

    private func kind<V>(_ body: () throws -> V) -> DatabaseError.Kind? {
        do { _ = try body() } catch let error as DatabaseError { return error.kind } catch {}
        return nil
    }
}
