import Database
import ProductKit

/// Work of the model that somebody has asked for: what it is, how it stands, what came of it.
package struct ModelOperation: Sendable, Encodable, Equatable {
    package let id: OperationID
    package let kind: Kind
    package let status: Status
    package let personaID: PersonaID?
    package let postID: PostID?
    /// The texts of a preview, in order.
    package let texts: [String]
    /// Some of the parts failed.
    package let isPartial: Bool
    package let error: Reason?
    /// Where the result is; nil until there is one, and for what is in `texts`.
    package let resultURL: String?
    package let createdAt: Timestamp
    package let finishedAt: Timestamp?
    let owner: UserID
    package let resultPost: PostID?
    let resultReply: ReplyID?

    package enum Kind: String, Sendable, Codable, SQLDecodable, SQLEncodable {
        case draft, preview
        case generateReply = "generate_reply"
    }

    package enum Status: String, Sendable, Codable, SQLDecodable, SQLEncodable {
        case pending = "PENDING"
        case running = "RUNNING"
        case done = "DONE"
        case failed = "FAILED"
        case cancelled = "CANCELLED"

        package var hasEnded: Bool { self != .pending && self != .running }
    }

    /// Why it failed, in words that are safe to show.
    package struct Reason: Sendable, Encodable, Equatable {
        package let code: String
        package let message: String
        package let hint: String?
    }

    enum CodingKeys: String, CodingKey {
        case id, kind, status
        case personaID = "personaId"
        case postID = "postId"
        case texts, isPartial, error
        case resultURL = "resultUrl"
        case createdAt, finishedAt
    }
}

extension ModelOperation: RowDecodable {
    static let columns: SQL = """
        id, kind, status, persona_id, post_id, texts, parts_failed, error_code, error, error_hint, result_post_id,
        result_reply_id, \(milliseconds: "created_at"), \(milliseconds: "finished_at"), user_id
        """

    package init(_ row: borrowing Row) throws {
        id = try row[0]
        kind = try row[1]
        status = try row[2]
        personaID = try row[3]
        postID = try row[4]
        let stored: [String: String] = try (row[5] as String?).map { try StoredJSON.value($0) } ?? [:]
        texts = stored.sorted { $0.key < $1.key }.map(\.value)
        let failed: Int = try row[6]
        isPartial = failed > 0 && !texts.isEmpty
        let code: String? = try row[7]
        let message: String? = try row[8]
        let hint: String? = try row[9]
        error = code.map { Reason(code: $0, message: message ?? "", hint: hint) }
        resultPost = try row[10]
        resultReply = try row[11]
        if let resultPost {
            resultURL = "/posts/\(resultPost)"
        } else {
            resultURL = resultReply == nil ? nil : postID.map { "/posts/\($0)/thread" }
        }
        createdAt = Timestamp(stored: try row[12])
        finishedAt = (try row[13] as Double?).map(Timestamp.init(stored:))
        owner = try row[14]
    }

    /// - Throws: `operation.not_found`, also for somebody else's.
    static func require(
        _ id: OperationID, of owner: UserID, in transaction: borrowing Transaction
    ) throws -> ModelOperation {
        let found: ModelOperation? = try transaction.one("select \(columns) from operations where id = \(id)")
        guard let found, found.owner == owner else {
            throw ArenaError(.operationNotFound, "You have no such operation.")
        }
        return found
    }
}
