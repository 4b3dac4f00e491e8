import Database
import ProductKit

/// The rules of a battle, in one version.
package struct Template: Sendable, Encodable, Equatable {
    package let id: TemplateID
    package let version: Int
    /// Nil for those that came with the server.
    package let ownerUserID: UserID?
    package let name: String
    /// They reach the prompt.
    package let promptRules: String
    package let turnCount: Int
    /// Words of a turn.
    package let wordLimit: Int
    package let isPublic: Bool
    package let isArchived: Bool
    package let createdAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case id, version
        case ownerUserID = "ownerUserId"
        case name, promptRules, turnCount, wordLimit, isPublic, createdAt
    }

    /// What came first with the server: for battles that name no template.
    static let standard = TemplateID(rawValue: "019a0000-0000-7000-8000-000000000101")
}

extension Template: RowDecodable {
    static let columns: SQL = """
        t.id, v.version, t.owner_user_id, v.name, v.prompt_rules, v.turn_count, v.word_limit, t.is_public, t.is_archived,
        \(milliseconds: "t.created_at")
        """
    /// Each template in its newest version.
    static let source: SQL = """
        templates t join template_versions v on v.template_id = t.id and v.version = t.version
        """

    package init(_ row: borrowing Row) throws {
        id = try row[0]
        version = try row[1]
        ownerUserID = try row[2]
        name = try row[3]
        promptRules = try row[4]
        turnCount = try row[5]
        wordLimit = try row[6]
        isPublic = try row[7]
        isArchived = try row[8]
        createdAt = Timestamp(stored: try row[9])
    }

    /// A template that the viewer may use: a public one, or their own.
    ///
    /// - Throws: `template.not_found`.
    static func require(
        _ id: TemplateID, for viewer: UserID?, in transaction: borrowing Transaction
    ) throws -> Template {
        let template: Template? = try transaction.one("select \(columns) from \(source) where t.id = \(id)")
        guard let template, !template.isArchived,
            template.isPublic || (viewer != nil && template.ownerUserID == viewer)
        else { throw ArenaError.noTemplate }
        return template
    }

    /// What a battle keeps to, also when the template has moved on or is gone.
    static func version(
        _ version: Int, of id: TemplateID, in transaction: borrowing Transaction
    ) throws -> Template? {
        try transaction.one(
            """
            select \(columns) from templates t join template_versions v on v.template_id = t.id
             where t.id = \(id) and v.version = \(version)
            """)
    }
}

extension ArenaError {
    static let noTemplate = ArenaError(
        .templateNotFound, "There is no such template.", hint: "GET /templates lists the public ones.")
}
