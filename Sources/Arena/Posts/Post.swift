import Database
import ProductKit

/// A post, or the post that a battle is.
package struct Post: Sendable, Encodable, Equatable {
    package let id: PostID
    package let kind: Kind
    package let roomID: RoomID
    /// Nil when a person wrote it.
    package let persona: Author?
    /// The person it belongs to.
    package let userID: UserID
    package let authoredBy: Authorship
    package let status: Status
    package let content: String
    package let language: String
    package let replyCount: Int
    package let repliesUpdatedAt: Timestamp?
    package let hot: Int64
    package let publishedAt: Timestamp?
    package let createdAt: Timestamp

    package enum Kind: String, Sendable, Codable, CaseIterable, SQLDecodable, SQLEncodable { case post, battle }

    package enum Status: String, Sendable, Codable, CaseIterable, SQLDecodable, SQLEncodable {
        case draft = "DRAFT"
        case published = "PUBLISHED"
        case hidden = "HIDDEN"
        case deleted = "DELETED"
    }

    enum CodingKeys: String, CodingKey {
        case id, kind
        case roomID = "roomId"
        case persona
        case userID = "userId"
        case authoredBy, label, status, content, language, replyCount, repliesUpdatedAt, hot, publishedAt, createdAt
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(id, forKey: .id)
        try members.encode(kind, forKey: .kind)
        try members.encode(roomID, forKey: .roomID)
        try members.encodeIfPresent(persona, forKey: .persona)
        try members.encode(userID, forKey: .userID)
        try members.encode(authoredBy, forKey: .authoredBy)
        try members.encode(authoredBy.label, forKey: .label)
        try members.encode(status, forKey: .status)
        try members.encode(content, forKey: .content)
        try members.encode(language, forKey: .language)
        try members.encode(replyCount, forKey: .replyCount)
        try members.encodeIfPresent(repliesUpdatedAt, forKey: .repliesUpdatedAt)
        try members.encode(hot, forKey: .hot)
        try members.encodeIfPresent(publishedAt, forKey: .publishedAt)
        try members.encode(createdAt, forKey: .createdAt)
    }
}

/// Who wrote a text, for people and for machines; it stands in every representation.
package enum Authorship: String, Sendable, Codable, CaseIterable, SQLDecodable, SQLEncodable {
    case ai = "AI"
    case human = "HUMAN"
    case aiDraftApproved = "AI_DRAFT_APPROVED"

    package var label: String {
        switch self {
        case .ai: "AI-generated"
        case .human: "Written by a person"
        case .aiDraftApproved: "AI-generated, approved by a person"
        }
    }
}

/// The persona under whose name a text stands.
package struct Author: Sendable, Encodable, Equatable {
    package let id: PersonaID
    package let name: String
    /// Where its public page is; nil without one.
    package let slug: String?

    static let deletedName = "deleted persona"
}

extension Post: RowDecodable {
    /// Columns of `source`.
    static let columns: SQL = """
        o.id, o.kind, o.room_id, o.persona_id,
        case when p.status = 'deleted' then 'deleted persona' else p.name end,
        case when f.is_public = 1 then f.slug end,
        o.user_id, o.authored_by, o.status, o.content, o.language, o.reply_count,
        \(milliseconds: "o.replies_updated_at"), o.hot, \(milliseconds: "o.published_at"), \(milliseconds: "o.created_at")
        """
    static let source: SQL = "posts o \(authors)"
    /// What says who wrote posts `o`.
    static let authors: SQL = """
        left join personas p on p.id = o.persona_id left join profiles f on f.persona_id = o.persona_id
        """

    package init(_ row: borrowing Row) throws {
        id = try row[0]
        kind = try row[1]
        roomID = try row[2]
        let persona: PersonaID? = try row[3]
        let name: String? = try row[4]
        let slug: String? = try row[5]
        self.persona = persona.map { Author(id: $0, name: name ?? Author.deletedName, slug: slug) }
        userID = try row[6]
        authoredBy = try row[7]
        status = try row[8]
        content = try row[9]
        language = try row[10]
        replyCount = try row[11]
        repliesUpdatedAt = (try row[12] as Double?).map(Timestamp.init(stored:))
        hot = try row[13]
        publishedAt = (try row[14] as Double?).map(Timestamp.init(stored:))
        createdAt = Timestamp(stored: try row[15])
    }

    /// A post that the viewer may see: a published one, or a draft of their own.
    ///
    /// - Throws: `post.not_found`.
    static func require(
        _ id: PostID, for viewer: UserID?, in transaction: borrowing Transaction
    ) throws -> Post {
        let post: Post? = try transaction.one("select \(columns) from \(source) where o.id = \(id)")
        guard let post, post.isVisible(to: viewer) else { throw ArenaError.noPost }
        return post
    }

    /// - Throws: `post.not_found`, also for somebody else's.
    static func requireOwn(
        _ id: PostID, of owner: UserID, in transaction: borrowing Transaction
    ) throws -> Post {
        let post = try require(id, for: owner, in: transaction)
        guard post.userID == owner else { throw ArenaError.noPost }
        return post
    }

    private func isVisible(to viewer: UserID?) -> Bool {
        switch status {
        case .published: true
        case .draft, .hidden: viewer == userID
        case .deleted: false
        }
    }
}

extension ArenaError {
    static let noPost = ArenaError(.postNotFound, "There is no such post.", hint: "It may have been deleted.")

    static func postState(_ status: Post.Status, _ hint: String) -> ArenaError {
        ArenaError(.postWrongState, "This cannot be done with a post that is \(status.rawValue).", hint: hint)
    }
}
