import Database
import TestSupport
import Testing

@testable import Arena

@Suite struct `A page of posts` {
    @Test(arguments: DatabaseFixture.all, [true, false])
    func `is read from the index of its order`(_ fixture: DatabaseFixture, _ isFirst: Bool) async throws {
        try await Lounge.open(fixture) { lounge in
            try await lounge.fill()
            let id = "019a0000-0000-7000-8000-00000000000a"
            func plan(_ condition: SQL, _ order: Posts.Order) async throws -> QueryPlan {
                let cursor = isFirst ? nil : Cursor("list", 1_800_000_000_000, id)
                let query = Posts.query(where: condition, order, after: cursor, limit: 21, for: lounge.ada.id)
                return try await lounge.database.plan(of: query)
            }

            let plans = [
                try await plan("o.persona_id = \(id)", .new), try await plan("o.room_id = \(id)", .new),
                try await plan("o.room_id = \(id)", .hot), try await plan(Posts.wholeSite, .hot),
            ]

            #expect(plans[0].uses("idx_posts_persona_published_created_id"))
            #expect(plans[1].uses("posts_room_published"))
            #expect(plans[2].uses("posts_room_hot"))
            #expect(plans[3].uses("posts_hot"))
            for plan in plans { #expect(!plan.sorts, "\(plan)") }
        }
    }
}

/// Those with kept names, and the other orders of posts. An index that no statement uses costs every write and helps nobody.
@Suite struct `An index of Arena` {
    struct Use: Sendable {
        let index: String
        /// What people do by which the product sends the statement.
        let deed: @Sendable (Lounge) async throws -> Void
    }

    static let uses = [
        Use(index: "posts_room_published") { lounge in
            _ = try await lounge.arena.posts.list(in: "kitchen", .new, PageRequest(), for: nil)
        },
        Use(index: "posts_room_hot") { lounge in
            _ = try await lounge.arena.feed.trending(days: 7, in: "kitchen", PageRequest())
        },
        Use(index: "posts_hot") { lounge in
            _ = try await lounge.arena.feed.trending(days: 7, in: nil, PageRequest())
        },
        Use(index: "idx_posts_persona_published_created_id") { lounge in
            _ = try await lounge.arena.posts.list(ofProfile: "voice", PageRequest())
        },
        Use(index: "idx_posts_published_created_at") { lounge in
            _ = try await lounge.arena.digests.weekly(of: lounge.bob)
        },
        Use(index: "idx_events_user_event_created") { lounge in
            _ = try await lounge.arena.digests.weekly(of: lounge.ada)
        },
        Use(index: "idx_events_engagement_battle") { lounge in
            _ = try await lounge.arena.replies.write("No.", to: Lounge.filledPost(1), by: lounge.bob)
        },
        Use(index: "uq_jobs_active_generate_reply") { lounge in
            _ = try await lounge.arena.replies.generate(
                for: Lounge.filledPost(2), by: [], caller: lounge.ada, traceID: nil)
        },
        Use(index: "uq_reply_per_persona_per_post") { lounge in
            _ = try await lounge.arena.replies.generate(
                for: Lounge.filledPost(3), by: [], caller: lounge.ada, traceID: nil)
        },
    ]

    @Test(arguments: DatabaseFixture.all)
    func `is used by the statement it is for`(_ fixture: DatabaseFixture) async throws {
        let log = StatementLog()
        try await Lounge.open(fixture, observedBy: log) { lounge in
            let persona = try await lounge.persona("Voice")
            _ = try await lounge.arena.personas.publishProfile(persona.id, ProfileForm(), of: lounge.ada)
            try await lounge.fill(around: persona.id)
            for use in Self.uses {
                let sent = try await log.statements { try await use.deed(lounge) }
                var plans: [QueryPlan] = []
                for statement in sent where statement.isRead {
                    plans.append(try await lounge.database.plan(of: statement))
                }
                let shown = plans.map(\.description).joined(separator: "\n\n")
                #expect(plans.contains { $0.uses(use.index) }, "\(use.index):\n\(shown)")
            }
        }
    }
}

extension SQL {
    fileprivate var isRead: Bool {
        let text = statement(for: .postgres).text
        return text.hasPrefix("select") || text.hasPrefix("with")
    }
}

extension Lounge {
    /// One of those that ``fill(around:)`` makes.
    static func filledPost(_ number: Int) -> PostID {
        PostID(rawValue: "019a0000-0000-7000-9000-00000000000\(number)")
    }

    /// So many posts, replies, events and operations that it matters how they are read.
    ///
    /// - Parameter persona: wrote a post in forty, and replied to a post in fifty.
    func fill(around persona: PersonaID? = nil) async throws {
        let (user, other) = (ada.id, bob.id)
        let post = Self.id("9000")
        let long: SQL = """
            \(postgres: "now() - n * interval '3 minutes'",
               sqlite: "strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || (n * 3) || ' minutes')")
            """
        let numbers: SQL = """
            with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < 20000)
            """
        try await database.transaction { transaction in
            try transaction.limitStatements(to: .seconds(120))  // Others fill tables beside it.
            try transaction.execute(
                """
                insert into posts (id, room_id, user_id, persona_id, authored_by, status, content, language, hot,
                                   published_at, created_at, updated_at)
                \(numbers)
                select \(post), '019a0000-0000-7000-8000-00000000000' || (1 + n % 4),
                       case when n % 40 = 0 then \(user) else \(other) end, case when n % 40 = 0 then \(persona) end,
                       'HUMAN', 'PUBLISHED', 'x', 'en', 2000000000 - n * 180, \(long), \(long), \(long)
                  from numbers
                """)
            try transaction.execute(
                """
                insert into events (id, user_id, actor, event_name, metadata, battle_id, created_at)
                \(numbers)
                select \(Self.id("a000")), case when n % 50 = 0 then \(user) end, 'actor ' || (n % 900),
                       case n % 3 when 0 then 'battle_shared' when 1 then 'public_battle_viewed' else 'daily_return' end,
                       '{}', \(post), \(long)
                  from numbers
                """)
            guard let persona else { return }
            try transaction.execute(
                """
                insert into replies (id, post_id, user_id, persona_id, authored_by, content, created_at)
                \(numbers)
                select \(Self.id("b000")), \(post), \(user), case when n % 50 = 0 then \(persona) end,
                       case when n % 50 = 0 then 'AI' else 'HUMAN' end, 'x', \(long)
                  from numbers
                """)
            try transaction.execute(
                """
                insert into operations (id, kind, user_id, persona_id, post_id, status, is_active, created_at, updated_at)
                \(numbers)
                select \(Self.id("c000")), 'generate_reply', \(user), \(persona), \(post),
                       case when n % 50 = 0 then 'PENDING' else 'DONE' end, case when n % 50 = 0 then 1 else 0 end,
                       \(long), \(long)
                  from numbers
                """)
        }
        // As PostgreSQL does by itself after so many rows; nobody does it on SQLite.
        guard database.dialect == .postgres else { return }
        try await database.transaction { try $0.script("analyze posts, events, replies, operations") }
    }

    private static func id(_ kind: StaticString) -> SQL {
        let end: SQL = "\(postgres: "lpad(to_hex(n), 12, '0')", sqlite: "printf('%012x', n)")"
        return "'019a0000-0000-7000-\(raw: kind)-' || \(end)"
    }
}
