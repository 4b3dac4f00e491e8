import Database
import ProductKit

/// A post with its replies and what they come to.
package struct ThreadPage: Sendable, Encodable {
    package let post: Post
    /// Oldest first.
    package let replies: [Reply]
    package let summary: ThreadSummary
    package let nextCursor: String?
}

/// What a thread comes to, in a few lines of a model.
package struct ThreadSummary: Sendable, Encodable, Equatable {
    package let state: State
    /// Of an earlier state of the thread when it is stale.
    package let text: String?
    /// The state that the text is about.
    package let repliesUpdatedAt: Timestamp?
    package let label = Authorship.ai.label

    package enum State: String, Sendable, Encodable {
        /// There is nothing to summarise.
        case none
        case fresh
        /// A newer one is being written, or will be when somebody who is signed in looks.
        case stale
        case generating
        case failed
    }

    package static let lengthMax = 400
    /// What a stored one says of the prompt that it comes from; any other is stale.
    package static let promptVersion = Prompts.version

    enum CodingKeys: String, CodingKey { case state, text, repliesUpdatedAt, label }
}

/// A stored summary.
struct StoredSummary: RowDecodable, Sendable {
    let repliesUpdatedAt: Timestamp?
    let promptVersion: Int
    let text: String?
    let wantedAt: Timestamp?
    let state: String

    static func of(_ post: PostID, in transaction: borrowing Transaction) throws -> StoredSummary? {
        try transaction.one(
            """
            select \(milliseconds: "replies_updated_at"), prompt_version, summary, \(milliseconds: "wanted_at"), state
              from thread_summaries where post_id = \(post)
            """)
    }

    init(_ row: borrowing Row) throws {
        repliesUpdatedAt = (try row[0] as Double?).map(Timestamp.init(stored:))
        promptVersion = try row[1]
        text = try row[2]
        wantedAt = (try row[3] as Double?).map(Timestamp.init(stored:))
        state = try row[4]
    }

    func isFresh(for post: Post) -> Bool {
        text != nil && promptVersion == ThreadSummary.promptVersion && repliesUpdatedAt == post.repliesUpdatedAt
    }
}
