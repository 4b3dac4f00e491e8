import Database
import ProductKit

/// A post in somebody's feed, and why it is there.
package struct FeedItem: Sendable, Encodable {
    package let post: Post
    package let reasons: [Reason]
    /// Its hotness with the bonus of its reason; the order of the feed.
    package let score: Int64

    package enum Reason: String, Sendable, Encodable, CaseIterable {
        /// The caller follows its persona.
        case followed
        /// The caller writes in its room.
        case room
        /// Others engage with it.
        case trending

        /// As if the post were so much younger.
        var bonusSeconds: Int64 {
            switch self {
            case .followed: 12 * 3_600
            case .room: 3 * 3_600
            case .trending: 0
            }
        }
    }
}

/// What somebody is shown first: what they follow, then their rooms, then what others engage with.
package struct Feed: Sendable {
    let arena: Arena
    static let list = "feed"

    /// The same page is asked of the database once in 15 s, however many ask for it at once.
    ///
    /// - Throws: `cursor.invalid`.
    package func read(_ page: PageRequest, of member: Member) async throws -> Page<FeedItem> {
        let key = FeedCache.Key(user: member.id, cursor: page.cursor, limit: page.limit)
        return try await arena.feedCache.value(for: key, on: arena.clock) {
            try await arena.read { transaction in try Self.query(page, of: member.id, in: transaction) }
        }
    }

    /// What everybody engages with, of late.
    ///
    /// - Parameter days: how old a post may be.
    /// - Parameter room: an id or a slug; nil for all.
    /// - Throws: `room.not_found`; `cursor.invalid`.
    package func trending(days: Int, in room: String?, _ page: PageRequest) async throws -> Page<Post> {
        try await arena.read { transaction in
            let since = try transaction.instant().adding(.seconds(-86_400 * days))
            // The sign keeps SQLite from reading the days by their index, only to sort them.
            var condition: SQL = """
                \(postgres: "o.created_at", sqlite: "+o.created_at") > \(timestamp: since.stored)
                """
            if let room {
                condition += " and o.room_id = \(try Room.require(room, in: transaction).id)"
            } else {
                condition += " and \(Posts.wholeSite)"
            }
            return try Posts.page(
                where: condition, list: "trending:\(days):\(room ?? "")", .hot, page, for: nil, in: transaction)
        }
    }

    /// Every post has one reason, whose bonus is a constant: each is a list by `hot`, and the feed is the three of them
    /// merged. So its pages are exact.
    static func query(
        _ page: PageRequest, of user: UserID, in transaction: borrowing Transaction
    ) throws -> Page<FeedItem> {
        let cursor = try Cursor(page, of: list)
        let rooms = try FeedRooms(of: user, in: transaction)
        var items: [FeedItem] = []
        for reason in FeedItem.Reason.allCases {
            var shown: SQL = "o.status = 'PUBLISHED' and o.user_id <> \(user) \(Blocks.unblocked(by: user))"
            if let cursor {
                shown += " and (o.hot, o.id) < (\(cursor.value - reason.bonusSeconds), \(cursor.id))"
            }
            let top = Top(of: user, shown: shown, count: page.limit + 1)
            let parts: [SQL] =
                switch reason {
                case .followed: [top.followed]
                case .room: rooms.home.map(top.unfollowed)
                case .trending: rooms.away.map(top.unfollowed)
                }
            // Without this, whoever writes in every room would wait until all posts are read.
            guard !parts.isEmpty else { continue }
            let posts: [Post] = try transaction.all(top.merged(parts))
            items += posts.map { FeedItem(post: $0, reasons: [reason], score: $0.hot + reason.bonusSeconds) }
        }
        items.sort { ($0.score, $0.post.id) > ($1.score, $1.post.id) }
        return try Page.cut(Array(items.prefix(page.limit + 1)), to: page) { Cursor(list, $0.score, $0.post.id) }
    }

    /// Statements for the hottest posts of one persona or room after the other, each from an index in their order: one
    /// condition for all of them would be answered by reading whatever is hot until enough of it meets the condition.
    private struct Top {
        let user: UserID
        /// What holds for all.
        let shown: SQL
        let count: Int

        init(of user: UserID, shown: SQL, count: Int) {
            (self.user, self.shown, self.count) = (user, shown, count)
        }

        /// SQLite, which has no `lateral`, reads all posts of whom somebody follows.
        var followed: SQL {
            """
            select o.* from persona_follows w
              \(postgres: "cross join lateral (\(posts(of: "o.persona_id = w.persona_id"))) as o",
                sqlite: "join posts o on o.persona_id = w.persona_id and \(shown)")
             where w.user_id = \(user)
             order by o.hot desc, o.id desc limit \(count)
            """
        }

        func unfollowed(in room: RoomID) -> SQL {
            posts(
                of: """
                    o.room_id = \(room) and (o.persona_id is null or not o.persona_id in (
                        select persona_id from persona_follows where user_id = \(user)))
                    """)
        }

        private func posts(of condition: SQL) -> SQL {
            "select o.* from posts o where \(condition) and \(shown) order by o.hot desc, o.id desc limit \(count)"
        }

        /// Only what is left is joined with its authors.
        func merged(_ parts: [SQL]) -> SQL {
            let all = parts.map { "select * from (\($0)) as part" as SQL }.joined(separator: " union all ")
            return """
                select \(Post.columns) from (
                    select * from (\(all)) as every order by hot desc, id desc limit \(count)
                ) as o \(Post.authors)
                 order by o.hot desc, o.id desc
                """
        }
    }

    /// The rooms in which somebody writes, and the others.
    private struct FeedRooms {
        private(set) var home: [RoomID] = []
        private(set) var away: [RoomID] = []

        init(of user: UserID, in transaction: borrowing Transaction) throws {
            try transaction.forEach(
                """
                select id, exists (select 1 from posts
                                    where user_id = \(user) and room_id = rooms.id and status = 'PUBLISHED')
                  from rooms order by id
                """
            ) { row in
                let (room, isHome): (RoomID, Bool) = (try row[0], try row[1])
                if isHome { home.append(room) } else { away.append(room) }
            }
        }
    }
}
