/// One numbered step of a schema.
///
/// ```swift
/// Migration(1, "jobs", up: ["create table jobs (…)", "create index …"], down: ["drop table jobs"])
/// ```
/// A statement may differ by dialect: `"id \(postgres: "bigint generated always as identity", sqlite: "integer") …"`.
public struct Migration: Sendable {
    public let number: Int
    public let name: String
    let up: [SQL]
    /// Nil when it cannot be undone.
    let down: [SQL]?

    public init(_ number: Int, _ name: String, up: [SQL], down: [SQL]?) {
        self.number = number
        self.name = name
        self.up = up
        self.down = down
    }

    /// A fingerprint of what `up` says in this dialect, spaces at line ends and indentation apart (FNV-1a, 64 bits).
    func checksum(_ dialect: Dialect) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for statement in up {
            let words = statement.statement(for: dialect).text.split(whereSeparator: \.isWhitespace).joined(
                separator: " ")
            for byte in words.utf8 + [0] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// The migrations of one module, numbered from 1 without gaps.
public struct MigrationSource: Sendable {
    public let name: String
    let migrations: [Migration]

    public init(_ name: String, _ migrations: [Migration]) {
        precondition(
            migrations.map(\.number) == Array(1..<migrations.count + 1),
            "the migrations of \(name) are not numbered 1, 2, 3, …")
        self.name = name
        self.migrations = migrations
    }
}
