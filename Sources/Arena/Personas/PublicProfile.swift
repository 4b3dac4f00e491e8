import Database
import ProductKit

/// What everybody may see of a persona: never its calibration.
package struct PublicProfile: Sendable, Encodable, Equatable {
    package let slug: String
    package let personaID: PersonaID
    package let name: String
    package let bio: String
    package let tone: String
    package let language: String
    package let followers: Int
    package let postsCount: Int
    package let publishedAt: Timestamp
    /// Texts of a persona come from a language model.
    package let label = "ai_persona"

    enum CodingKeys: String, CodingKey {
        case slug
        case personaID = "personaId"
        case name, bio, tone, language, followers, postsCount, publishedAt, label
    }
}

extension PublicProfile: RowDecodable {
    static let columns: SQL = """
        f.slug, p.id, p.name, f.bio, p.tone, p.language,
        (select count(*) from persona_follows w where w.persona_id = p.id),
        (select count(*) from posts o where o.persona_id = p.id and o.status = 'PUBLISHED'),
        \(milliseconds: "f.published_at")
        """

    package init(_ row: borrowing Row) throws {
        slug = try row[0]
        personaID = try row[1]
        name = try row[2]
        bio = try row[3]
        tone = try row[4]
        language = try row[5]
        followers = try row[6]
        postsCount = try row[7]
        publishedAt = Timestamp(stored: try row[8])
    }

    /// The public profile at an address, also at one that it had before.
    ///
    /// - Throws: `profile.not_found`.
    static func require(_ slug: String, in transaction: borrowing Transaction) throws -> PublicProfile {
        let found: PublicProfile? = try transaction.one(
            """
            select \(columns)
              from profile_slugs s join profiles f on f.persona_id = s.persona_id join personas p on p.id = f.persona_id
             where s.slug = \(slug) and f.is_public = 1 and p.status <> 'deleted'
            """)
        guard let found else {
            throw ArenaError(.profileNotFound, "There is no such profile.", hint: "It may have been taken back.")
        }
        return found
    }
}
