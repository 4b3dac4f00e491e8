import Arena
import Database

/// One kind of read, as its route makes it.
enum ArenaRead: String, Sendable, CaseIterable {
    case feed, profile, thread, notifications, trending

    /// - Parameter number: another one reads something else.
    func perform(_ number: Int, of audience: ArenaAudience, on arena: Arena) async throws {
        let member = audience.members[number % audience.members.count]
        switch self {
        case .feed: _ = try await arena.feed.read(PageRequest(), of: member)
        case .profile: _ = try await arena.personas.profilePage(audience.slugs[number % audience.slugs.count])
        case .thread:
            let post = audience.threads[number % audience.threads.count]
            _ = try await arena.threads.read(post, PageRequest(limit: 50), for: member, traceID: nil)
        case .notifications:
            _ = try await arena.notifications.list(PageRequest(), onlyUnread: false, of: member)
        case .trending:
            let room = number.isMultiple(of: 2) ? nil : audience.rooms[number / 2 % audience.rooms.count]
            _ = try await arena.feed.trending(days: [1, 7, 30][number % 3], in: room, PageRequest())
        }
    }
}

/// Who reads, and what: some of everything, and all that much is stored of.
struct ArenaAudience: Sendable {
    /// In no order; those who follow very many among them.
    let members: [Member]
    /// Public profiles, every other one of a persona that writes much.
    let slugs: [String]
    /// Posts, every other one with many answers.
    let threads: [PostID]
    let rooms: [String]

    private static let most = 4_000

    init(of database: any Database) async throws {
        (members, slugs, threads, rooms) = try await database.read { transaction in
            let members: [Member] = try transaction.all(
                """
                select id, tenant_id, role, time_zone, id from users
                 order by tenant_id * 7919 % 10007, id limit \(Self.most)
                """)
            // Personas that write much have the small numbers, which their ids begin with.
            let large: [String] = try transaction.values(
                "select slug from profiles order by persona_id limit \(Self.most / 20)")
            let small: [String] = try transaction.values(
                "select slug from profiles order by persona_id desc limit \(Self.most)")
            let long: [PostID] = try transaction.values(
                "select id from posts where reply_count > 0 order by reply_count desc, id limit \(Self.most / 4)")
            let short: [PostID] = try transaction.values("select id from posts order by id desc limit \(Self.most)")
            return (
                members, Self.mixed(large, small), Self.mixed(long, short),
                try transaction.values("select slug from rooms order by id")
            )
        }
    }

    private static func mixed<Element>(_ one: [Element], _ other: [Element]) -> [Element] {
        other.enumerated().map { number, element in
            number.isMultiple(of: 2) || one.isEmpty ? element : one[number / 2 % one.count]
        }
    }
}
