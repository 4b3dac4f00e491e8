import Database
import ProductKit

/// Two sides about one topic.
package struct Battle: Sendable, Equatable {
    package let id: PostID
    package let roomID: RoomID
    package let roomSlug: String
    package let roomName: String
    package let owner: UserID
    package let topic: String
    package let personaA: PersonaID
    /// Nil stands for the community's voice.
    package let personaB: PersonaID?
    package let nameA: String
    package let nameB: String
    package let proStyle: String
    package let conStyle: String
    package let templateID: TemplateID
    package let templateVersion: Int
    package let templateName: String
    package let turnTarget: Int
    package let wordLimit: Int
    package let status: Status
    /// Which attempt at it this is; regenerating begins another.
    package let run: Int
    package let verdict: Verdict?
    package let error: ModelOperation.Reason?
    package let source: PostID?
    package let root: PostID?
    package let remixDepth: Int
    package let createdAt: Timestamp
    package let finishedAt: Timestamp?
    /// BCP 47: the first side's.
    package let language: String
    let job: JobReference?

    package enum Status: String, Sendable, Codable, CaseIterable, SQLDecodable, SQLEncodable {
        case queued = "QUEUED"
        case running = "RUNNING"
        case judging = "JUDGING"
        case complete = "COMPLETE"
        case partial = "PARTIAL"
        case failed = "FAILED"
        case cancelled = "CANCELLED"

        package var hasEnded: Bool { self != .queued && self != .running && self != .judging }
        /// What may be begun anew.
        var isRepeatable: Bool { self == .partial || self == .failed || self == .cancelled }
    }

    static let communityName = "Community"
}

/// What a judge says, or counting when there is none.
package struct Verdict: Sendable, Codable, Equatable {
    package var winner: Winner
    package var verdict: String
    package var takeaways: [String]
    package var by: Judge
    package let label: String

    package enum Winner: String, Sendable, Codable, CaseIterable, SQLDecodable, SQLEncodable { case a, b, tie }
    package enum Judge: String, Sendable, Codable, SQLDecodable, SQLEncodable { case judge, heuristic }

    init(winner: Winner, verdict: String, takeaways: [String], by: Judge) {
        self.winner = winner
        self.verdict = verdict
        self.takeaways = takeaways
        self.by = by
        label = "AI verdict, not a fact"
    }
}

/// One speech of a side.
package struct BattleTurn: Sendable, Encodable, Equatable {
    package let turn: Int
    package let side: Side
    package let personaName: String
    package let content: String
    package let label = Authorship.ai.label

    package enum Side: String, Sendable, Codable, SQLDecodable, SQLEncodable {
        case pro, con
        /// Turns alternate, and the side that speaks for the topic begins.
        init(turn: Int) { self = turn.isMultiple(of: 2) ? .con : .pro }
    }

    enum CodingKeys: String, CodingKey { case turn, side, personaName, content, label }
}

/// A battle's votes.
package struct VoteTally: Sendable, Encodable, Equatable {
    package var a = 0
    package var b = 0
    package var tie = 0
    package var bothBad = 0
}
