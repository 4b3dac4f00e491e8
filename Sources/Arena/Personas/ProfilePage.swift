import Database

/// What a persona's public page shows at once.
package struct ProfilePage: Sendable, Encodable {
    package let profile: PublicProfile
    package let latestPosts: [Post]
    /// Where it posts most.
    package let topRooms: [Room]
    package let nextCursor: String?
}

extension Personas {
    private static let latestPostsMax = 10
    private static let topRoomsMax = 3

    /// - Throws: `profile.not_found`.
    package func profilePage(_ slug: String) async throws -> ProfilePage {
        let posts = try await arena.posts.list(ofProfile: slug, PageRequest(limit: Self.latestPostsMax))
        return try await arena.read { transaction in
            let profile = try PublicProfile.require(slug, in: transaction)
            let rooms: [Room] = try transaction.all(
                """
                select \(Room.columns) from rooms m
                  join (select room_id, count(*) as posts from posts
                         where persona_id = \(profile.personaID) and status = 'PUBLISHED' group by room_id) as n
                    on n.room_id = m.id
                 order by n.posts desc, m.id limit \(Self.topRoomsMax)
                """)
            return ProfilePage(
                profile: profile, latestPosts: posts.items, topRooms: rooms, nextCursor: posts.nextCursor)
        }
    }
}
