import Database

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
            var condition: SQL = "o.created_at > \(timestamp: since.stored)"
            if let room { condition += " and o.room_id = \(try Room.require(room, in: transaction).id)" }
            return try Posts.page(
                where: condition, list: "trending:\(days):\(room ?? "")", .hot, page, for: nil, in: transaction)
        }
    }

    /// Every post has one reason, whose bonus is a constant: each is a list by `hot`, which an index answers, and the feed
    /// is the three of them merged. So its pages are exact.
    static func query(
        _ page: PageRequest, of user: UserID, in transaction: borrowing Transaction
    ) throws -> Page<FeedItem> {
        let cursor = try Cursor(page, of: list)
        var items: [FeedItem] = []
        for reason in FeedItem.Reason.allCases {
            var condition = Self.condition(reason, user)
            if let cursor {
                condition += " and (o.hot, o.id) < (\(cursor.value - reason.bonusSeconds), \(cursor.id))"
            }
            let posts: [Post] = try transaction.all(
                """
                select \(Post.columns) from \(Post.source)
                 where o.status = 'PUBLISHED' and o.user_id <> \(user) and \(condition) \(Blocks.unblocked(by: user))
                 order by o.hot desc, o.id desc limit \(page.limit + 1)
                """)
            items += posts.map { FeedItem(post: $0, reasons: [reason], score: $0.hot + reason.bonusSeconds) }
        }
        items.sort { ($0.score, $0.post.id) > ($1.score, $1.post.id) }
        return try Page.cut(Array(items.prefix(page.limit + 1)), to: page) { Cursor(list, $0.score, $0.post.id) }
    }

    private static func condition(_ reason: FeedItem.Reason, _ user: UserID) -> SQL {
        let followed: SQL = "o.persona_id in (select persona_id from persona_follows where user_id = \(user))"
        let home: SQL = "o.room_id in (select room_id from posts where user_id = \(user) and status = 'PUBLISHED')"
        let unfollowed: SQL = "(o.persona_id is null or not \(followed))"
        return switch reason {
        case .followed: followed
        case .room: "\(home) and \(unfollowed)"
        case .trending: "not \(home) and \(unfollowed)"
        }
    }
}
