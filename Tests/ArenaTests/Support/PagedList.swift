import Database
import ProductKit
import TestSupport
import Testing

@testable import Arena

/// Every list that has pages. Those of posts come before those that need one.
enum PagedList: String, Sendable, CaseIterable {
    case roomByTime, roomByHotness, drafts, profile, trending, feed, thread, templates, notifications, unread, reports
}

/// One list, with a room, a persona or a reader that no other walk has.
struct Shelf: Sendable {
    struct Item: Sendable {
        let id: String
        /// What the list is ordered by; several items have the same.
        let place: Int
    }
    let lounge: Lounge
    var isOldestFirst = false
    let page: @Sendable (PageRequest) async throws -> (ids: [String], next: String?)
    let store: @Sendable (Item, borrowing Transaction) throws -> Void

    /// Items anywhere in the list, often at one place with others.
    func put(_ count: Int, using chance: inout EngineChance) async throws -> [Item] {
        let items = (0..<count).map { _ in
            let digits = String(UInt64.random(in: 0..<(1 << 48), using: &chance) | 1 << 48, radix: 16).suffix(12)
            return Item(id: "019a0000-0000-7000-8000-\(digits)", place: Int.random(in: 0..<9, using: &chance))
        }
        try await lounge.database.transaction { transaction in
            for item in items { try store(item, transaction) }
        }
        return items
    }

    func sorted(_ items: [Item]) -> [Item] {
        let sorted = items.sorted { ($0.place, $0.id) < ($1.place, $1.id) }
        return isOldestFirst ? sorted : sorted.reversed()
    }
}

extension Shelf.Item {
    /// An instant for lists by time.
    fileprivate var instant: Double { 1_780_000_000_000 + Double(place) }

    fileprivate func storePost(
        in room: RoomID, by user: UserID, _ persona: PersonaID? = nil, status: Post.Status = .published,
        at instant: Double? = nil, hot: Int = 0, _ transaction: borrowing Transaction
    ) throws {
        let instant = instant ?? self.instant
        try transaction.execute(
            """
            insert into posts (id, room_id, user_id, persona_id, authored_by, status, content, language, hot,
                               published_at, created_at, updated_at)
            values (\(id), \(room), \(user), \(persona), \(Authorship.human), \(status), 'x', 'en', \(hot),
                    \(timestamp: instant), \(timestamp: instant), \(timestamp: instant))
            """)
    }
}

extension PagedList {
    func shelf(_ number: Int, in lounge: Lounge) async throws -> Shelf {
        switch self {
        case .roomByTime: try await rooms(number, .new, in: lounge)
        case .roomByHotness: try await rooms(number, .hot, in: lounge)
        case .drafts: try await drafts(number, in: lounge)
        case .profile: try await profile(number, in: lounge)
        case .trending: try await trending(number, in: lounge)
        case .feed: try await feed(number, in: lounge)
        case .thread: try await thread(in: lounge)
        case .templates: templates(number, in: lounge)
        case .notifications: try await notifications(number, onlyUnread: false, in: lounge)
        case .unread: try await notifications(number, onlyUnread: true, in: lounge)
        case .reports: try await reports(in: lounge)
        }
    }

    private func rooms(_ number: Int, _ order: Posts.Order, in lounge: Lounge) async throws -> Shelf {
        let room = try await lounge.room("\(self)-\(number)")
        return Shelf(lounge: lounge) { request in
            let page = try await lounge.arena.posts.list(in: room.rawValue, order, request, for: nil)
            return (page.items.map(\.id.rawValue), page.nextCursor)
        } store: { item, transaction in
            try item.storePost(in: room, by: lounge.ada.id, hot: item.place, transaction)
        }
    }

    private func drafts(_ number: Int, in lounge: Lounge) async throws -> Shelf {
        let room = try await lounge.room("\(self)-\(number)")
        return Shelf(lounge: lounge) { request in
            let page = try await lounge.arena.posts.drafts(in: room.rawValue, request, of: lounge.ada)
            return (page.items.map(\.id.rawValue), page.nextCursor)
        } store: { item, transaction in
            try item.storePost(in: room, by: lounge.ada.id, status: .draft, transaction)
        }
    }

    private func profile(_ number: Int, in lounge: Lounge) async throws -> Shelf {
        let room = try await lounge.room("\(self)-\(number)")
        let persona = try await lounge.persona("Voice \(number)").id
        let slug = try await lounge.arena.personas.publishProfile(persona, ProfileForm(), of: lounge.ada).slug
        return Shelf(lounge: lounge) { request in
            let page = try await lounge.arena.posts.list(ofProfile: slug, request)
            return (page.items.map(\.id.rawValue), page.nextCursor)
        } store: { item, transaction in
            try item.storePost(in: room, by: lounge.ada.id, persona, transaction)
        }
    }

    private func trending(_ number: Int, in lounge: Lounge) async throws -> Shelf {
        let room = try await lounge.room("\(self)-\(number)")
        return Shelf(lounge: lounge) { request in
            let page = try await lounge.arena.feed.trending(days: 7, in: room.rawValue, request)
            return (page.items.map(\.id.rawValue), page.nextCursor)
        } store: { item, transaction in
            let now = try transaction.instant()
            try item.storePost(in: room, by: lounge.ada.id, at: now.stored, hot: item.place, transaction)
        }
    }

    /// Posts for each of a feed's reasons, whose bonuses are taken off beforehand: so they mingle.
    private func feed(_ number: Int, in lounge: Lounge) async throws -> Shelf {
        let reader = try await Lounge.person("\(self)\(number)", in: lounge.arena)
        let (home, elsewhere) = (
            try await lounge.room("\(self)-\(number)"), try await lounge.room("elsewhere-\(number)")
        )
        let persona = try await lounge.persona("Voice \(number)", of: lounge.bob).id
        try await lounge.database.transaction { transaction in
            try transaction.execute("delete from posts")
            try transaction.execute(
                """
                insert into persona_follows (user_id, persona_id, created_at)
                values (\(reader.id), \(persona), \(timestamp: 0))
                """)
        }
        _ = try await lounge.arena.posts.write(PostForm(content: "Mine"), in: home.rawValue, by: reader)
        return Shelf(lounge: lounge) { request in
            let page = try await lounge.arena.feed.read(request, of: reader)
            return (page.items.map(\.post.id.rawValue), page.nextCursor)
        } store: { item, transaction in
            let reasons = FeedItem.Reason.allCases
            let reason = reasons[item.id.utf8.reduce(0) { $0 + Int($1) } % reasons.count]
            try item.storePost(
                in: reason == .room ? home : elsewhere, by: lounge.bob.id, reason == .followed ? persona : nil,
                hot: 1_000_000 + item.place - Int(reason.bonusSeconds), transaction)
        }
    }

    private func thread(in lounge: Lounge) async throws -> Shelf {
        let post = try await lounge.post().id
        return Shelf(lounge: lounge, isOldestFirst: true) { request in
            let page = try await lounge.arena.threads.read(post, request, for: nil, traceID: nil)
            return (page.replies.map(\.id.rawValue), page.nextCursor)
        } store: { item, transaction in
            try transaction.execute(
                """
                insert into replies (id, post_id, user_id, authored_by, content, created_at)
                values (\(item.id), \(post), \(lounge.bob.id), \(Authorship.human), 'x', \(timestamp: item.instant))
                """)
        }
    }

    private func templates(_ number: Int, in lounge: Lounge) -> Shelf {
        let name = "Shelf \(number)."
        return Shelf(lounge: lounge) { request in
            let page = try await lounge.arena.templates.list(containing: name, request, for: nil)
            return (page.items.map(\.id.rawValue), page.nextCursor)
        } store: { item, transaction in
            try transaction.execute(
                """
                insert into templates (id, owner_user_id, name, is_public, created_at, updated_at)
                values (\(item.id), \(lounge.ada.id), \(name), 1, \(timestamp: item.instant), \(timestamp: item.instant))
                """)
            try transaction.execute(
                """
                insert into template_versions (template_id, version, name, prompt_rules, turn_count, word_limit, created_at)
                values (\(item.id), 1, \(name), 'x', 6, 120, \(timestamp: item.instant))
                """)
        }
    }

    private func notifications(_ number: Int, onlyUnread: Bool, in lounge: Lounge) async throws -> Shelf {
        let reader = try await Lounge.person("\(self)\(number)", in: lounge.arena)
        return Shelf(lounge: lounge) { request in
            let page = try await lounge.arena.notifications.list(request, onlyUnread: onlyUnread, of: reader)
            return (page.notifications.map(\.id.rawValue), page.nextCursor)
        } store: { item, transaction in
            let readAt = !onlyUnread && item.place.isMultiple(of: 2) ? item.instant : nil
            try transaction.execute(
                """
                insert into notifications (id, user_id, type, group_key, read_at, created_at)
                values (\(item.id), \(reader.id), \(NotificationType.replyReceived), \(item.id), \(timestamp: readAt),
                        \(timestamp: item.instant))
                """)
        }
    }

    private func reports(in lounge: Lounge) async throws -> Shelf {
        try await lounge.database.transaction { _ = try $0.execute("delete from reports") }
        let ada = lounge.ada
        let moderator = Member(
            id: ada.id, tenant: ada.tenant, role: .moderator, timeZone: ada.timeZone, session: ada.session)
        return Shelf(lounge: lounge, isOldestFirst: true) { request in
            let page = try await lounge.arena.reports.open(request, for: moderator)
            return (page.items.map(\.id.rawValue), page.nextCursor)
        } store: { item, transaction in
            try transaction.execute(
                """
                insert into reports (id, reporter_user_id, target_kind, target_id, category, comment, created_at)
                values (\(item.id), \(ada.id), \(Reports.TargetKind.post), \(item.id), \(Reports.Category.spam), '',
                        \(timestamp: item.instant))
                """)
        }
    }
}

extension Lounge {
    /// A room of its own.
    fileprivate func room(_ slug: String) async throws -> RoomID {
        try await database.transaction { transaction in
            let now = try transaction.instant()
            let id: RoomID = arena.ids.next(at: now)
            try transaction.execute(
                """
                insert into rooms (id, slug, name, description, language, created_at)
                values (\(id), \(slug), 'Room', 'Of a test.', 'en', \(timestamp: now.stored))
                """)
            return id
        }
    }
}
