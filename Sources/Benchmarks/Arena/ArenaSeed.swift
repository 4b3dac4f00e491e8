import Database

/// Fills Arena's tables, in order of a number that each row has: nothing is drawn, so that every run has the same rows.
///
/// Few personas write much and most write little; few posts have many answers. Rows of people, personas and posts bear
/// their number in their id.
struct ArenaSeed: Sendable {
    let database: any Database
    let size: ArenaSize
    /// Milliseconds since 1970: the newest post's time.
    let now: Int64

    /// Posts and what came of them are spread over so long.
    static let spanMilliseconds: Int64 = 60 * 86_400_000
    /// Rows of one statement.
    private static let chunk = 50_000
    /// A prime: what is multiplied by another and divided by it leaves remainders without a pattern.
    static let prime = 1_000_003

    func run(progress: @Sendable (String) -> Void) async throws {
        progress("\(size.users) people with \(size.personas) personas")
        try await insert(size.users, people)
        try await insert(size.personas, personas)
        progress("\(size.posts) posts with their replies")
        try await insert(size.posts, posts)
        for crowding in 0..<ArenaSize.crowding.count - 1 { try await insert(size.posts) { replies($0, crowding) } }
        try await insert(size.posts, personasReplies)
        try await insert(1) { _ in [summaries, battles, turns] }
        progress("follows, notifications, \(size.events) events")
        try await insert(size.users * ArenaSize.followsEach) { follows($0, each: ArenaSize.followsEach, every: 1) }
        try await insert(size.users / 100 * ArenaSize.followsOfMany) {
            follows($0, each: ArenaSize.followsOfMany, every: 100)
        }
        try await insert(size.users, blocks)
        try await insert(size.users * ArenaSize.notificationsEach, notifications)
        try await insert(size.events, events)
        try await database.transaction { try $0.script("analyze") }
    }

    /// Runs statements over the numbers from 1 to `count`, some at a time.
    private func insert(_ count: Int, _ statements: @Sendable (ClosedRange<Int>) -> [SQL]) async throws {
        for first in stride(from: 1, through: count, by: Self.chunk) {
            let range = first...min(count, first + Self.chunk - 1)
            let chosen = statements(range)
            try await database.transaction { transaction in
                for statement in chosen { try transaction.execute(statement) }
            }
        }
    }

    // MARK: Parts of statements

    /// `n`, with the numbers of a range in its column `i`.
    func numbers(_ range: ClosedRange<Int>) -> SQL {
        """
        with recursive n (i) as (
            select cast(\(range.lowerBound) as bigint) union all select i + 1 from n where i < \(range.upperBound))
        """
    }

    /// The id of the thing with a number. `kind` keeps kinds apart.
    func id(_ kind: StaticString, _ number: SQL) -> SQL {
        """
        '019a0000-0000-7000-\(raw: kind)-'
        || \(postgres: "lpad(to_hex(\(number)), 12, '0')", sqlite: "printf('%012x', \(number))")
        """
    }
    func user(_ number: SQL) -> SQL { id("8001", number) }
    func persona(_ number: SQL) -> SQL { id("8002", number) }
    func post(_ number: SQL) -> SQL { id("8003", number) }

    /// Milliseconds since 1970 as a column holds them.
    func instant(_ milliseconds: SQL) -> SQL {
        """
        \(postgres: "to_timestamp((\(milliseconds)) / 1000.0)",
          sqlite: "strftime('%Y-%m-%d %H:%M:%f', (\(milliseconds)) / 1000.0, 'unixepoch')")
        """
    }

    /// From 1 to `count`, the small ones far more often: half of all are in the first quarter.
    func skewed(_ number: SQL, _ count: Int) -> SQL {
        let part: SQL = "((\(number)) * 104729 % \(Self.prime))"
        return "(1 + \(part) * \(part) / \(Self.prime) * \(count) / \(Self.prime))"
    }

    /// When a post was published.
    func published(_ number: SQL) -> SQL {
        "(\(now - Self.spanMilliseconds) + (\(number)) * \(Self.spanMilliseconds) / \(size.posts))"
    }
    /// When it was last answered.
    func touched(_ number: SQL) -> SQL { "((\(published(number)) + \(now)) / 2)" }

    /// Its place in the order of answers, from 0.
    func rank(_ number: SQL) -> SQL { "((\(number)) * 7919 % \(size.posts))" }
    func rank(upTo crowding: ArenaSize.Crowding) -> Int { Int(crowding.upTo * Double(size.posts)) }

    /// What posts have in common that are as much answered.
    func byCrowding(_ number: SQL, _ value: (ArenaSize.Crowding) -> Int) -> SQL {
        let cases = ArenaSize.crowding.map { crowding -> SQL in
            "when \(rank(number)) < \(rank(upTo: crowding)) then \(value(crowding))"
        }
        return "(case \(cases.joined(separator: " ")) end)"
    }

    /// Seven of ten posts are a persona's, of few personas above all.
    var isOfPersona: SQL { "i % 10 < 7" }
    var author: SQL { skewed("i", size.personas) }
    var owner: SQL {
        "(case when \(isOfPersona) then (\(author) + 1) / 2 else 1 + i * 15485863 % \(size.users) end)"
    }
    var room: SQL { "'019a0000-0000-7000-8000-00000000000' || (1 + i * 104729 % \(Self.prime) % 4)" }
}
