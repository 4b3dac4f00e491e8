import Database
import ProductKit

/// An answer to a post.
package struct Reply: Sendable, Encodable, Equatable {
    package let id: ReplyID
    package let postID: PostID
    /// Nil when a person wrote it.
    package let persona: Author?
    package let userID: UserID
    package let authoredBy: Authorship
    package let content: String
    package let createdAt: Timestamp

    package static let lengthMax = 280

    enum CodingKeys: String, CodingKey {
        case id
        case postID = "postId"
        case persona
        case userID = "userId"
        case authoredBy, label, content, createdAt
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(id, forKey: .id)
        try members.encode(postID, forKey: .postID)
        try members.encodeIfPresent(persona, forKey: .persona)
        try members.encode(userID, forKey: .userID)
        try members.encode(authoredBy, forKey: .authoredBy)
        try members.encode(authoredBy.label, forKey: .label)
        try members.encode(content, forKey: .content)
        try members.encode(createdAt, forKey: .createdAt)
    }
}

extension Reply: RowDecodable {
    static let columns: SQL = """
        r.id, r.post_id, r.persona_id,
        case when p.status = 'deleted' then 'deleted persona' else p.name end,
        case when f.is_public = 1 then f.slug end,
        r.user_id, r.authored_by, r.content, \(milliseconds: "r.created_at")
        """
    static let source: SQL = """
        replies r left join personas p on p.id = r.persona_id left join profiles f on f.persona_id = r.persona_id
        """

    package init(_ row: borrowing Row) throws {
        id = try row[0]
        postID = try row[1]
        let persona: PersonaID? = try row[2]
        let name: String? = try row[3]
        let slug: String? = try row[4]
        self.persona = persona.map { Author(id: $0, name: name ?? Author.deletedName, slug: slug) }
        userID = try row[5]
        authoredBy = try row[6]
        content = try row[7]
        createdAt = Timestamp(stored: try row[8])
    }
}
