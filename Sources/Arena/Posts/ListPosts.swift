import Database
import ProductKit

/// Lists of posts, page by page.
extension Posts {
    package enum Order: String, Sendable, CaseIterable {
        case new, hot
    }

    /// A room's published posts.
    ///
    /// - Throws: `room.not_found`; `cursor.invalid`.
    package func list(
        in room: String, _ order: Order, _ page: PageRequest, for caller: Member?
    ) async throws -> Page<Post> {
        try await arena.read { transaction in
            let room = try Room.require(room, in: transaction)
            return try Self.page(
                where: "o.room_id = \(room.id)", list: "room:\(room.id):\(order.rawValue)", order, page,
                for: caller?.id, in: transaction)
        }
    }

    /// The caller's drafts in a room, newest first.
    ///
    /// - Throws: `room.not_found`; `cursor.invalid`.
    package func drafts(in room: String, _ page: PageRequest, of caller: Member) async throws -> Page<Post> {
        try await arena.read { transaction in
            let room = try Room.require(room, in: transaction)
            let cursor = try Cursor(page, of: "drafts")
            let rows: [Post] = try transaction.all(
                """
                select \(Post.columns) from \(Post.source)
                 where o.user_id = \(caller.id) and o.room_id = \(room.id) and o.status = 'DRAFT'
                       \(Self.after(cursor, .new))
                 order by o.created_at desc, o.id desc limit \(page.limit + 1)
                """)
            return try Page.cut(rows, to: page) { Cursor("drafts", $0.createdAt.milliseconds, $0.id) }
        }
    }

    /// What a public persona has posted, newest first.
    ///
    /// - Throws: `profile.not_found`; `cursor.invalid`.
    package func list(ofProfile slug: String, _ page: PageRequest) async throws -> Page<Post> {
        try await arena.read { transaction in
            let profile = try PublicProfile.require(slug, in: transaction)
            return try Self.page(
                where: "o.persona_id = \(profile.personaID)", list: "profile:\(profile.personaID)", .new, page,
                for: nil,
                in: transaction)
        }
    }

    /// Published posts that a condition chooses, without those of people whom the viewer has blocked.
    ///
    /// - Parameter list: names the list in its cursors.
    static func page(
        where condition: SQL, list: String, _ order: Order, _ page: PageRequest, for viewer: UserID?,
        in transaction: borrowing Transaction
    ) throws -> Page<Post> {
        let cursor = try Cursor(page, of: list)
        let rows: [Post] = try transaction.all(
            query(where: condition, order, after: cursor, limit: page.limit + 1, for: viewer))
        return try Page.cut(rows, to: page) { post in
            Cursor(list, order == .new ? post.createdAt.milliseconds : post.hot, post.id)
        }
    }

    static func query(
        where condition: SQL, _ order: Order, after cursor: Cursor?, limit: Int, for viewer: UserID?
    ) -> SQL {
        let ordering: SQL =
            switch order {
            case .new: "o.created_at desc, o.id desc"
            case .hot: "o.hot desc, o.id desc"
            }
        return """
            select \(Post.columns) from \(Post.source)
             where o.status = 'PUBLISHED' and \(condition) \(after(cursor, order)) \(Blocks.unblocked(by: viewer))
             order by \(ordering) limit \(limit)
            """
    }

    /// Stands in what reads posts `o` of the whole site, and nowhere else: it lets the indexes of the whole site be used.
    static let wholeSite: SQL = "o.kind in ('post', 'battle')"

    /// What comes after the cursor, as one comparison of rows, which the index of the order answers.
    static func after(_ cursor: Cursor?, _ order: Order) -> SQL {
        guard let cursor else { return "" }
        return switch order {
        case .new: "and (o.created_at, o.id) < (\(timestamp: Double(cursor.value)), \(cursor.id))"
        case .hot: "and (o.hot, o.id) < (\(cursor.value), \(cursor.id))"
        }
    }
}
