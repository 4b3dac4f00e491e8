import Database
import Engine
import ProductKit

/// Posts in rooms: written by people, drafted by personas, approved before anybody else sees them.
package struct Posts: Sendable {
    let arena: Arena

    package static let contentLengthMax = 500

    /// Publishes what a person wrote.
    ///
    /// - Throws: `room.not_found`; `room.archived`.
    package func write(_ form: PostForm, in room: String, by caller: Member) async throws -> Post {
        try await arena.write { transaction, _ in
            let room = try Room.require(room, in: transaction)
            try room.requireOpen()
            let now = try transaction.instant()
            let id: PostID = arena.ids.next(at: now)
            try transaction.execute(
                """
                insert into posts (id, room_id, user_id, authored_by, status, content, language, hot, published_at,
                                   created_at, updated_at)
                values (\(id), \(room.id), \(caller.id), \(Authorship.human), \(Post.Status.published),
                        \(form.content), \(form.language ?? room.language),
                        \(Hotness.value(publishedAt: now, engagement: 0)), \(timestamp: now.stored),
                        \(timestamp: now.stored), \(timestamp: now.stored))
                """)
            return try Post.require(id, for: caller.id, in: transaction)
        }
    }

    /// - Throws: `post.not_found`.
    package func find(_ id: PostID, for caller: Member?) async throws -> Post {
        try await arena.read { transaction in try Post.require(id, for: caller?.id, in: transaction) }
    }

    /// Publishes a draft, as it is or as its owner has edited it. The post begins now: lists are by the time of
    /// publication.
    ///
    /// - Throws: `post.not_found`; `post.wrong_state` unless it is a draft.
    package func approve(_ id: PostID, content: String?, by caller: Member) async throws -> Post {
        try await arena.write { transaction, _ in
            let now = try transaction.instant()
            let changed = try transaction.execute(
                """
                update posts
                   set status = 'PUBLISHED', authored_by = \(Authorship.aiDraftApproved),
                       content = coalesce(\(content), content), hot = \(Hotness.value(publishedAt: now, engagement: 0)),
                       published_at = \(timestamp: now.stored), created_at = \(timestamp: now.stored),
                       updated_at = \(timestamp: now.stored)
                 where id = \(id) and user_id = \(caller.id) and status = 'DRAFT'
                """)
            let post = try Post.requireOwn(id, of: caller.id, in: transaction)
            guard changed == 1 else { throw ArenaError.postState(post.status, "Only a DRAFT is approved.") }
            var about = ["source": "draft"]
            if let persona = post.persona { about["persona_id"] = persona.id.rawValue }
            try ServerEvents.record(.postApproved, by: caller.id, about: about, arena.supplies, in: transaction)
            return post
        }
    }

    /// Changes a draft, or what a person wrote.
    ///
    /// - Throws: `post.not_found`; `post.wrong_state` for a published text of a model: what was approved stays.
    package func edit(_ id: PostID, content: String, by caller: Member) async throws -> Post {
        try await arena.write { transaction, _ in
            let now = try transaction.instant()
            let changed = try transaction.execute(
                """
                update posts set content = \(content), updated_at = \(timestamp: now.stored)
                 where id = \(id) and user_id = \(caller.id) and kind = 'post'
                   and (status = 'DRAFT' or (status = 'PUBLISHED' and authored_by = 'HUMAN'))
                """)
            let post = try Post.requireOwn(id, of: caller.id, in: transaction)
            guard changed == 1 else {
                throw ArenaError.postState(post.status, "Drafts can be changed, and what a person wrote.")
            }
            return post
        }
    }

    /// Nobody sees the post any more; its text is gone. Repeatable.
    ///
    /// - Throws: `post.not_found`.
    package func delete(_ id: PostID, by caller: Member) async throws {
        let deleted = try await arena.write { transaction, _ in
            let now = try transaction.instant()
            return try transaction.execute(
                """
                update posts set status = 'DELETED', content = '', updated_at = \(timestamp: now.stored)
                 where id = \(id) and user_id = \(caller.id)
                """)
        }
        guard deleted == 1 else { throw ArenaError.noPost }
    }
}
