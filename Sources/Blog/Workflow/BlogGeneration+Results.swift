import Foundation
import Publishers

extension BlogGeneration {
    /// What a round of `ideas` leaves.
    struct Ideas: Codable, Sendable {
        var ideas: [Idea]
    }

    /// What `content` leaves in the ledger; the article itself stands in its own table, where it can be edited.
    struct Written: Codable, Sendable {
        var title: String
        var imagePrompt: String
        var words: Int
        /// Sent back once to be repaired.
        var wasRepaired: Bool
    }

    /// What `image` leaves: an order, the picture itself in its own table, or why there is neither.
    struct Ordered: Codable, Sendable {
        /// The provider's id; nil for a product's own picture, and when the order failed.
        var id: String?
        /// Where the picture is, when it is ready already.
        var url: String?
        /// The provider answered with the picture, which is stored: there is nothing to collect.
        var isPainted: Bool?
        var failure: Failure?
    }

    /// What a `collect` leaves.
    struct Collected: Codable, Sendable {
        enum Outcome: String, Codable, Sendable { case pending, ready, failed }
        var outcome: Outcome
        /// The round of `image` that was asked about; nil when the question itself failed for good.
        var order: Int?
        /// How often this order was asked about, this time included.
        var question: Int?
        var failure: Failure?
        /// Another order of the same prompt may succeed.
        var isWorthRepeating: Bool?
    }

    struct Failure: Codable, Sendable, Equatable {
        var code: String
        var message: String
    }

    struct Drafted: Codable, Sendable {
        var id: PostID
        var url: String?
    }

    struct Due: Codable, Sendable {
        /// Until the time of publication, when the clock was read; not above 0 when it has come.
        var inMilliseconds: Int64
    }

    struct Published: Codable, Sendable {
        var id: PostID
        var url: String
    }
}
