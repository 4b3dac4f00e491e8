import Database
import ProductKit

/// Answers to posts: a person's as often as they like, a persona's once.
package struct Replies: Sendable {
    let arena: Arena

    /// Stores what a person answers.
    ///
    /// - Throws: `post.not_found`; `post.wrong_state` unless the post is published.
    package func write(_ content: String, to post: PostID, by caller: Member) async throws -> Reply {
        try await arena.write { transaction, _ in
            let now = try transaction.instant()
            let id: ReplyID = arena.ids.next(at: now)
            let owner = try Self.touch(post, replies: 1, at: now, in: transaction)
            try transaction.execute(
                """
                insert into replies (id, post_id, user_id, authored_by, content, created_at)
                values (\(id), \(post), \(caller.id), \(Authorship.human), \(content), \(timestamp: now.stored))
                """)
            try Hotness.refresh(post, at: now, in: transaction)
            try Notifier.tell(
                owner, .replyReceived, from: caller.id, about: .init(.post, post.rawValue), arena.supplies, at: now,
                in: transaction)
            return try Self.require(id, in: transaction)
        }
    }

    /// Takes a reply away: its author, or whoever the post belongs to.
    ///
    /// - Throws: `reply.not_found`, also when it is neither.
    package func remove(_ id: ReplyID, by caller: Member) async throws {
        try await arena.write { transaction, _ in
            let now = try transaction.instant()
            let post: PostID? = try transaction.value(
                """
                select r.post_id from replies r join posts o on o.id = r.post_id
                 where r.id = \(id) and r.status = 'VISIBLE' and (r.user_id = \(caller.id) or o.user_id = \(caller.id))
                """)
            guard let post else { throw ArenaError.noReply }
            try Self.touch(post, replies: -1, at: now, in: transaction)
            let changed = try transaction.execute(
                """
                update replies
                   set status = case when user_id = \(caller.id) then 'DELETED' else 'HIDDEN' end,
                       content = case when user_id = \(caller.id) then '' else content end
                 where id = \(id) and status = 'VISIBLE'
                """)
            // Somebody else took it away while we waited for the post.
            guard changed == 1 else { throw ArenaError.noReply }
            // What was taken away must not live on in a summary.
            try transaction.execute("update thread_summaries set summary = null where post_id = \(post)")
            try Hotness.refresh(post, at: now, in: transaction)
        }
    }

    /// Locks a post and notes that its replies have changed, in the transaction that changes them. Replies come only to
    /// what is published; they may be taken away from whatever it has become since.
    ///
    /// The instant always moves on, so that it stands for exactly one state of the thread.
    /// - Returns: whom the post belongs to.
    /// - Throws: `post.not_found`; `post.wrong_state`.
    @discardableResult
    static func touch(
        _ post: PostID, replies change: Int, at now: Timestamp, in transaction: borrowing Transaction
    ) throws -> UserID {
        let row: Touched? = try transaction.one(
            """
            select user_id, status, \(milliseconds: "replies_updated_at") from posts where id = \(post) \(.lock(.noKeyUpdate))
            """)
        guard let row else { throw ArenaError.noPost }
        if change > 0 {
            guard row.status != .deleted else { throw ArenaError.noPost }
            guard row.status == .published else {
                throw ArenaError.postState(row.status, "Only a published post is replied to.")
            }
        }
        let updated = max(now.milliseconds, (row.repliesUpdatedAt?.milliseconds ?? 0) + 1)
        try transaction.execute(
            """
            update posts
               set reply_count = reply_count + \(change), replies_updated_at = \(timestamp: Double(updated))
             where id = \(post)
            """)
        return row.owner
    }

    /// A post before its replies, so that those who change them meet here.
    static func lock(_ post: PostID, in transaction: borrowing Transaction) throws {
        _ = try transaction.value("select 1 from posts where id = \(post) \(.lock(.noKeyUpdate))", as: Int.self)
    }

    static func require(_ id: ReplyID, in transaction: borrowing Transaction) throws -> Reply {
        let reply: Reply? = try transaction.one("select \(Reply.columns) from \(Reply.source) where r.id = \(id)")
        guard let reply else { throw ArenaError.noReply }
        return reply
    }

    private struct Touched: RowDecodable {
        let owner: UserID
        let status: Post.Status
        let repliesUpdatedAt: Timestamp?
        init(_ row: borrowing Row) throws {
            owner = try row[0]
            status = try row[1]
            repliesUpdatedAt = (try row[2] as Double?).map(Timestamp.init(stored:))
        }
    }
}

/// What a person answers.
package enum ReplyForm {
    /// - Throws: `request.malformed`; `validation.failed`.
    package static func read(_ body: [UInt8]) throws -> String {
        var reader = try FieldReader(body: body)
        let content = reader.required("content", length: 1...Reply.lengthMax, allowsLines: true)
        try reader.close()
        return content
    }
}

extension ArenaError {
    static let noReply = ArenaError(.replyNotFound, "There is no such reply.", hint: "It may have been removed.")
}
