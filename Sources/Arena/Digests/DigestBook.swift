import Database
import ProductKit

/// Digests as they are stored, and as they are made of what is stored: no digest costs a call.
enum DigestBook {
    private static let linesMax = 3

    static func daily(
        _ persona: PersonaID, _ period: DigestPeriod, in transaction: borrowing Transaction
    ) throws -> DailyDigest? {
        let text: String? = try transaction.value(
            "select digest from daily_digests where persona_id = \(persona) and day = \(period.name)")
        return try text.map { try StoredJSON.value($0) }
    }

    static func weekly(
        _ user: UserID, _ period: DigestPeriod, in transaction: borrowing Transaction
    ) throws -> WeeklyDigest? {
        let text: String? = try transaction.value(
            "select digest from weekly_digests where user_id = \(user) and week = \(period.name)")
        return try text.map { try StoredJSON.value($0) }
    }

    /// The first one of a period stays.
    static func store(_ digest: DailyDigest, of persona: PersonaID, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            insert into daily_digests (persona_id, day, digest, created_at)
            values (\(persona), \(digest.day), \(try StoredJSON.text(digest)),
                    \(timestamp: try transaction.instant().stored))
            on conflict do nothing
            """)
    }

    static func store(_ digest: WeeklyDigest, of user: UserID, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            insert into weekly_digests (user_id, week, digest, created_at)
            values (\(user), \(digest.week), \(try StoredJSON.text(digest)),
                    \(timestamp: try transaction.instant().stored))
            on conflict do nothing
            """)
    }

    /// Nil for a day without anything.
    static func makeDaily(
        _ persona: PersonaID, _ period: DigestPeriod, in transaction: borrowing Transaction
    ) throws -> DailyDigest? {
        let posts = try transaction.value(
            "select count(*) from posts where \(posts(of: "\(persona)", in: period))", as: Int.self)
        let replies = try transaction.value(
            "select count(*) from replies where \(replies(of: "\(persona)", in: period))", as: Int.self)
        let name = try transaction.value("select name from personas where id = \(persona)", as: String.self)
        guard let posts, let replies, let name, posts + replies > 0 else { return nil }
        let lines = try lines(
            """
            (o.persona_id = \(persona)
                or o.id in (select post_id from replies where \(self.replies(of: "\(persona)", in: period))))
            """, by: "o.reply_count desc, o.id desc", in: transaction)
        return DailyDigest(
            day: period.name, posts: posts, replies: replies,
            summary: "\(name) posted \(count(posts, "time")) and replied \(count(replies, "time")).",
            topThreads: lines)
    }

    /// The hottest battles and posts of others that the user has neither voted on nor looked at.
    static func makeWeekly(
        _ user: UserID, _ period: DigestPeriod, in transaction: borrowing Transaction
    ) throws -> WeeklyDigest {
        let lines = try lines(
            """
            o.user_id <> \(user) and o.id not in (
                select e.battle_id from events e
                 where e.user_id = \(user) and e.created_at >= \(timestamp: period.begin.stored)
                   and e.battle_id is not null)
            \(Blocks.unblocked(by: user))
            """, of: allPosts(in: period), by: "o.hot desc, o.id desc", in: transaction)
        return WeeklyDigest(week: period.name, items: lines)
    }

    /// What a day's digest counts; `persona` is a value or a column.
    static func posts(of persona: SQL, in period: DigestPeriod) -> SQL {
        """
        persona_id = \(persona) and status = 'PUBLISHED'
        and created_at >= \(timestamp: period.begin.stored) and created_at < \(timestamp: period.end.stored)
        """
    }

    static func replies(of persona: SQL, in period: DigestPeriod) -> SQL {
        """
        persona_id = \(persona) and status = 'VISIBLE'
        and created_at >= \(timestamp: period.begin.stored) and created_at < \(timestamp: period.end.stored)
        """
    }

    /// Materialized: PostgreSQL would rather walk all posts by their hotness until it has met three of the period.
    private static func allPosts(in period: DigestPeriod) -> SQL {
        """
        (with those as materialized (
            select o.id, o.user_id, o.persona_id, o.room_id, o.status, o.content, o.hot from posts o
             where o.status = 'PUBLISHED' and \(Posts.wholeSite) and o.created_at >= \(timestamp: period.begin.stored)
               and o.created_at < \(timestamp: period.end.stored))
        select * from those)
        """
    }

    private static func lines(
        _ condition: SQL, of posts: SQL = "posts", by order: SQL, in transaction: borrowing Transaction
    ) throws -> [DigestLine] {
        var lines: [DigestLine] = []
        try transaction.forEach(
            """
            select o.id, m.slug, o.content, s.summary from \(posts) o join rooms m on m.id = o.room_id
              left join thread_summaries s on s.post_id = o.id
             where o.status = 'PUBLISHED' and \(condition) order by \(order) limit \(linesMax)
            """
        ) { row in
            let text: String = try row[2]
            lines.append(
                DigestLine(
                    postID: try row[0], room: try row[1], topic: TextRules.oneLine(text, max: 180), summary: try row[3])
            )
        }
        return lines
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        number == 1 ? "once" : "\(number) \(noun)s"
    }
}
