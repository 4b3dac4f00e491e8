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
            func plan(_ condition: SQL, _ order: Posts.Order) async throws -> String {
                let cursor = isFirst ? nil : Cursor("list", 1_800_000_000_000, id)
                let query = Posts.query(where: condition, order, after: cursor, limit: 21, for: lounge.ada.id)
                return try await lounge.plan(of: query)
            }

            let plans = [
                try await plan("o.persona_id = \(id)", .new), try await plan("o.room_id = \(id)", .new),
                try await plan("o.room_id = \(id)", .hot), try await plan("1 = 1", .hot), try await plan("1 = 1", .new),
            ]

            #expect(plans[0].contains("idx_posts_persona_published_created_id"))
            #expect(plans[1].contains("posts_room_published"))
            #expect(plans[2].contains("posts_room_hot"))
            #expect(plans[3].contains("posts_hot"))
            #expect(plans[4].contains("idx_posts_published_created_at"))
        }
    }
}

extension Lounge {
    /// Posts for which PostgreSQL, which plans by what it has counted, would rather use an index.
    func fill() async throws {
        let user = ada.id
        try await database.transaction { transaction in
            guard transaction.dialect == .postgres else { return }
            try transaction.execute(
                """
                insert into posts (id, room_id, user_id, authored_by, status, content, language, hot, published_at,
                                   created_at, updated_at)
                select '019a0000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'),
                       '019a0000-0000-7000-8000-00000000000' || (1 + n % 4), \(user), 'HUMAN', 'PUBLISHED', 'x', 'en', n,
                       now(), now() - n * interval '1 minute', now()
                  from generate_series(1, 4000) as n
                """)
            try transaction.script("analyze posts")
        }
    }

    /// How the database would run a query, if its tables were large.
    func plan(of query: SQL) async throws -> String {
        try await database.transaction { transaction in
            var lines: [String] = []
            switch transaction.dialect {
            case .sqlite: try transaction.forEach("explain query plan \(query)") { lines.append(try $0["detail"]) }
            case .postgres:
                try transaction.script("set local enable_seqscan = off")
                try transaction.script("set local enable_sort = off")
                try transaction.script("set local enable_bitmapscan = off")
                try transaction.forEach("explain (costs off) \(query)") { lines.append(try $0[0]) }
            }
            return lines.joined(separator: "\n")
        }
    }
}
