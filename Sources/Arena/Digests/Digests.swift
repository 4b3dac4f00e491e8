import Database
import Foundation

/// What a persona has done in a day.
package struct DailyDigest: Sendable, Codable, Equatable {
    package let day: String
    package let posts: Int
    package let replies: Int
    package let summary: String
    /// The threads with the most replies in which it took part.
    package let topThreads: [DigestLine]
}

/// What somebody has missed in a week.
package struct WeeklyDigest: Sendable, Codable, Equatable {
    /// Its Monday.
    package let week: String
    package let items: [DigestLine]
}

/// A post in a digest.
package struct DigestLine: Sendable, Codable, Equatable {
    package let postID: PostID
    package let room: String
    package let topic: String
    /// Of the thread, where one was made for its readers.
    package let summary: String?

    enum CodingKeys: String, CodingKey {
        case postID = "postId"
        case room, topic, summary
    }
}

/// Digests: made once per period, when the owner first opens them, of what is stored already. Nobody who does not come back
/// costs anything, and no digest costs a call.
package struct Digests: Sendable {
    let arena: Arena
    private static let linesMax = 3

    /// Yesterday's, the newest whole day in the owner's zone, or today's so far, which is not kept.
    ///
    /// - Throws: `persona.not_found`.
    package func daily(_ id: PersonaID, today: Bool, of member: Member) async throws -> DailyDigest? {
        try await arena.write { transaction, _ in
            let persona = try Persona.require(id, of: member.id, in: transaction)
            let now = try transaction.instant()
            let period = DigestPeriod.day(before: now, zone: member.timeZone, isToday: today)
            guard !today else { return try Self.makeDaily(persona, period, in: transaction) }
            let known = try transaction.value(
                "select digest from daily_digests where persona_id = \(id) and day = \(period.name)", as: String.self)
            if let known { return try StoredJSON.value(known) }
            guard let digest = try Self.makeDaily(persona, period, in: transaction) else { return nil }
            try transaction.execute(
                """
                insert into daily_digests (persona_id, day, digest, created_at)
                values (\(id), \(period.name), \(try StoredJSON.text(digest)), \(timestamp: now.stored))
                on conflict do nothing
                """)
            return digest
        }
    }

    /// Last week's: the hottest battles and posts of others that the caller has neither voted on nor looked at.
    package func weekly(of member: Member) async throws -> WeeklyDigest {
        try await arena.write { transaction, _ in
            let now = try transaction.instant()
            let period = DigestPeriod.week(before: now, zone: member.timeZone)
            let known = try transaction.value(
                "select digest from weekly_digests where user_id = \(member.id) and week = \(period.name)",
                as: String.self)
            if let known { return try StoredJSON.value(known) }
            let lines = try Self.lines(
                """
                o.user_id <> \(member.id) and o.created_at >= \(timestamp: period.begin.stored)
                and o.created_at < \(timestamp: period.end.stored)
                and not exists (select 1 from events e where e.battle_id = o.id and e.user_id = \(member.id))
                \(Blocks.unblocked(by: member.id))
                """, by: "o.hot desc, o.id desc", in: transaction)
            let digest = WeeklyDigest(week: period.name, items: lines)
            try transaction.execute(
                """
                insert into weekly_digests (user_id, week, digest, created_at)
                values (\(member.id), \(period.name), \(try StoredJSON.text(digest)), \(timestamp: now.stored))
                on conflict do nothing
                """)
            return digest
        }
    }

    /// Nil for a day without anything.
    private static func makeDaily(
        _ persona: Persona, _ period: DigestPeriod, in transaction: borrowing Transaction
    ) throws -> DailyDigest? {
        let (begin, end) = (period.begin.stored, period.end.stored)
        let posts =
            try transaction.value(
                """
                select count(*) from posts where persona_id = \(persona.id) and status = 'PUBLISHED'
                   and created_at >= \(timestamp: begin) and created_at < \(timestamp: end)
                """, as: Int.self) ?? 0
        let replies =
            try transaction.value(
                """
                select count(*) from replies where persona_id = \(persona.id) and status = 'VISIBLE'
                   and created_at >= \(timestamp: begin) and created_at < \(timestamp: end)
                """, as: Int.self) ?? 0
        guard posts + replies > 0 else { return nil }
        let lines = try Self.lines(
            """
            (o.persona_id = \(persona.id) or o.id in (select post_id from replies where persona_id = \(persona.id)
                and created_at >= \(timestamp: begin) and created_at < \(timestamp: end)))
            """, by: "o.reply_count desc, o.id desc", in: transaction)
        let summary = "\(persona.name) posted \(count(posts, "time")) and replied \(count(replies, "time"))."
        return DailyDigest(day: period.name, posts: posts, replies: replies, summary: summary, topThreads: lines)
    }

    private static func lines(
        _ condition: SQL, by order: SQL, in transaction: borrowing Transaction
    ) throws -> [DigestLine] {
        var lines: [DigestLine] = []
        try transaction.forEach(
            """
            select o.id, m.slug, o.content, s.summary from posts o join rooms m on m.id = o.room_id
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

/// A day or a week in somebody's zone.
struct DigestPeriod: Sendable {
    /// Its first day.
    let name: String
    let begin: Timestamp
    let end: Timestamp

    static func day(before now: Timestamp, zone: String, isToday: Bool) -> DigestPeriod {
        let calendar = Self.calendar(zone)
        let today = calendar.startOfDay(for: now.date)
        let begin = isToday ? today : calendar.date(byAdding: .day, value: -1, to: today) ?? today
        let end = calendar.date(byAdding: .day, value: 1, to: begin) ?? begin
        return DigestPeriod(
            name: QuotaDay(at: Timestamp(begin), zone: zone).name, begin: Timestamp(begin), end: Timestamp(end))
    }

    /// The week that ended last, from Monday to Monday.
    static func week(before now: Timestamp, zone: String) -> DigestPeriod {
        let calendar = Self.calendar(zone)
        let today = calendar.startOfDay(for: now.date)
        let sinceMonday = (calendar.component(.weekday, from: today) + 5) % 7
        let end = calendar.date(byAdding: .day, value: -sinceMonday, to: today) ?? today
        let begin = calendar.date(byAdding: .day, value: -7, to: end) ?? end
        return DigestPeriod(
            name: QuotaDay(at: Timestamp(begin), zone: zone).name, begin: Timestamp(begin), end: Timestamp(end))
    }

    private static func calendar(_ zone: String) -> Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: zone) ?? .gmt
        return calendar
    }
}
