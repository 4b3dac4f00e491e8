import Database
import ProductKit

/// A voice that belongs to somebody, as its owner sees it.
package struct Persona: Sendable, Equatable, Encodable {
    package let id: PersonaID
    package let userID: UserID
    package var name: String
    package var bio: String
    package var tone: String
    /// A BCP 47 tag.
    package var language: String
    package var calibration: Calibration
    package var dailyDraftQuota: Int
    package var dailyReplyQuota: Int
    package var dailyPreviewQuota: Int
    package var status: Status
    package let createdAt: Timestamp

    package enum Status: String, Sendable, Codable, CaseIterable, SQLDecodable, SQLEncodable {
        case active
        /// Writes nothing until it is resumed.
        case paused
        case deleted
    }

    enum CodingKeys: String, CodingKey {
        case id, name, bio, tone, language, status, createdAt
        case writingSamples, doNotSay, catchphrases, formality, talkativeness
        case dailyDraftQuota, dailyReplyQuota, dailyPreviewQuota
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(id, forKey: .id)
        try members.encode(name, forKey: .name)
        try members.encode(bio, forKey: .bio)
        try members.encode(tone, forKey: .tone)
        try members.encode(language, forKey: .language)
        try members.encode(status, forKey: .status)
        try members.encode(createdAt, forKey: .createdAt)
        try members.encode(calibration.writingSamples, forKey: .writingSamples)
        try members.encode(calibration.doNotSay, forKey: .doNotSay)
        try members.encode(calibration.catchphrases, forKey: .catchphrases)
        try members.encode(calibration.formality, forKey: .formality)
        try members.encode(calibration.talkativeness, forKey: .talkativeness)
        try members.encode(dailyDraftQuota, forKey: .dailyDraftQuota)
        try members.encode(dailyReplyQuota, forKey: .dailyReplyQuota)
        try members.encode(dailyPreviewQuota, forKey: .dailyPreviewQuota)
    }
}

extension Persona: RowDecodable {
    static let columns: SQL = """
        p.id, p.user_id, p.name, p.bio, p.tone, p.language, p.calibration, p.draft_quota, p.reply_quota, p.preview_quota,
        p.status, \(milliseconds: "p.created_at")
        """

    package init(_ row: borrowing Row) throws {
        id = try row[0]
        userID = try row[1]
        name = try row[2]
        bio = try row[3]
        tone = try row[4]
        language = try row[5]
        calibration = try StoredJSON.value(row[6])
        dailyDraftQuota = try row[7]
        dailyReplyQuota = try row[8]
        dailyPreviewQuota = try row[9]
        status = try row[10]
        createdAt = Timestamp(stored: try row[11])
    }

    /// A persona that is not deleted, of whomever.
    static func find(_ id: PersonaID, in transaction: borrowing Transaction) throws -> Persona? {
        try transaction.one("select \(columns) from personas p where p.id = \(id) and p.status <> 'deleted'")
    }

    /// - Throws: `persona.not_found`, also for somebody else's.
    static func require(
        _ id: PersonaID, of owner: UserID, in transaction: borrowing Transaction
    ) throws -> Persona {
        guard let persona = try find(id, in: transaction), persona.userID == owner else {
            throw ArenaError.noPersona
        }
        return persona
    }

    /// - Throws: `persona.paused`.
    func requireActive() throws {
        guard status == .active else {
            throw ArenaError(
                .personaPaused, "\(name) is paused and writes nothing.", hint: "Set its status to active first.")
        }
    }
}

extension ArenaError {
    static let noPersona = ArenaError(
        .personaNotFound, "You have no such persona.", hint: "GET /personas lists yours.")
}
