import Database
import Engine
import ProductKit

/// A row of `blog_generations`.
struct GenerationRow: Sendable {
    var id: JobID
    var site: String
    var status: GenerationStatus
    var sourceType: SourceType
    var sourceId: String
    var title: String?
    var slug: String?
    var excerpt: String?
    var url: String?
    var imageState: ImageState
    var imageError: String?
    var ideasRound: Int
    var selectionRound: Int
    var selection: String?
    var error: String?
    var errorCode: String?
    var errorHint: String?
    var draftId: String?
    var request: String
    var createdAt: Timestamp
    var updatedAt: Timestamp
    var finishedAt: Timestamp?
    var scheduledFor: Timestamp?
}

extension GenerationRow: RowDecodable {
    static let columns: SQL = """
        id, instance_id, status, source_type, source_id, title, slug, excerpt, url, image_state, image_error, ideas_round,
        selection_round, selection, error, error_code, error_hint, draft_id, request, \(milliseconds: "created_at"),
        \(milliseconds: "updated_at"), \(milliseconds: "finished_at"), \(milliseconds: "scheduled_for")
        """

    init(_ row: borrowing Row) throws {
        id = try row[0]
        site = try row[1]
        status = try row[2]
        sourceType = try row[3]
        sourceId = try row[4]
        title = try row[5]
        slug = try row[6]
        excerpt = try row[7]
        url = try row[8]
        imageState = try row[9]
        imageError = try row[10]
        ideasRound = try row[11]
        selectionRound = try row[12]
        selection = try row[13]
        error = try row[14]
        errorCode = try row[15]
        errorHint = try row[16]
        draftId = try row[17]
        request = try row[18]
        createdAt = try Timestamp(stored: row[19])
        updatedAt = try Timestamp(stored: row[20])
        finishedAt = try (row[21] as Double?).map(Timestamp.init(stored:))
        scheduledFor = try (row[22] as Double?).map(Timestamp.init(stored:))
    }

    static func find(_ id: JobID, in scope: Scope, _ transaction: borrowing Transaction) throws -> GenerationRow? {
        try transaction.one("select \(columns) from blog_generations where id = \(id) and \(scope.condition)")
    }

    /// - Throws: `generation.not_found`.
    static func require(_ id: JobID, in scope: Scope, _ transaction: borrowing Transaction) throws -> GenerationRow {
        guard let row = try find(id, in: scope, transaction) else { throw BlogError.notFound }
        return row
    }

    /// New ideas are being made, or their turn has not come.
    var ideasPending: Bool {
        status == .generatingIdeas || (status == .awaitingSelection && ideasRound < selectionRound)
    }
}

extension Scope {
    var condition: SQL {
        switch self {
        case .site(let site): "instance_id = \(site.instanceID)"
        case .allSites: "1 = 1"
        }
    }
}
