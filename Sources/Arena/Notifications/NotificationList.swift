import Database
import ProductKit

/// One line of what somebody is told.
package struct Notice: Sendable, Encodable, Equatable {
    package let id: NotificationID
    package let type: NotificationType
    package let title: String
    /// How many of a kind it stands for.
    package let count: Int
    package let targetKind: String?
    package let targetID: String?
    package let isRead: Bool
    package let createdAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case id, type, title, count, targetKind
        case targetID = "targetId"
        case isRead, createdAt
    }
}

extension Notice: RowDecodable {
    static let columns: SQL = """
        id, type, group_count, target_kind, target_id, read_at is not null, \(milliseconds: "created_at")
        """

    package init(_ row: borrowing Row) throws {
        id = try row[0]
        type = try row[1]
        count = try row[2]
        title = type.title(count: count)
        targetKind = try row[3]
        targetID = try row[4]
        isRead = try row[5]
        createdAt = Timestamp(stored: try row[6])
    }
}

/// A page of notices.
package struct NoticePage: Sendable, Encodable {
    package let notifications: [Notice]
    package let unreadCount: Int
    package let nextCursor: String?
}

package struct NotificationList: Sendable {
    let arena: Arena

    /// Newest first.
    ///
    /// - Throws: `cursor.invalid`.
    package func list(_ page: PageRequest, onlyUnread: Bool, of member: Member) async throws -> NoticePage {
        let list = onlyUnread ? "notifications:unread" : "notifications"
        let cursor = try Cursor(page, of: list)
        return try await arena.read { transaction in
            var condition: SQL = "user_id = \(member.id)"
            if onlyUnread { condition += " and read_at is null" }
            if let cursor {
                condition += " and (created_at, id) < (\(timestamp: Double(cursor.value)), \(cursor.id))"
            }
            let rows: [Notice] = try transaction.all(
                """
                select \(Notice.columns) from notifications
                 where \(condition) order by created_at desc, id desc limit \(page.limit + 1)
                """)
            let cut = try Page.cut(rows, to: page) { Cursor(list, $0.createdAt.milliseconds, $0.id) }
            return NoticePage(
                notifications: cut.items, unreadCount: try Self.unread(member.id, in: transaction),
                nextCursor: cut.nextCursor)
        }
    }

    /// Repeatable.
    ///
    /// - Returns: how many are still unread.
    /// - Throws: `notification.not_found`, also for somebody else's.
    package func read(_ id: NotificationID, by member: Member) async throws -> Int {
        try await arena.write { transaction, _ in
            let now = try transaction.instant()
            let changed = try transaction.execute(
                """
                update notifications set read_at = coalesce(read_at, \(timestamp: now.stored))
                 where id = \(id) and user_id = \(member.id)
                """)
            guard changed == 1 else { throw ArenaError(.notificationNotFound, "You have no such notification.") }
            return try Self.unread(member.id, in: transaction)
        }
    }

    /// - Returns: how many there were.
    package func readAll(by member: Member) async throws -> Int {
        try await arena.write { transaction, _ in
            let now = try transaction.instant()
            return try transaction.execute(
                """
                update notifications set read_at = \(timestamp: now.stored)
                 where user_id = \(member.id) and read_at is null
                """)
        }
    }

    private static func unread(_ user: UserID, in transaction: borrowing Transaction) throws -> Int {
        try transaction.value(
            "select count(*) from notifications where user_id = \(user) and read_at is null") ?? 0
    }
}
