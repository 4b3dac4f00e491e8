import Engine
import ProductKit

/// One generation with everything an owner may see of it.
package struct GenerationDetail: Sendable, Codable {
    package var summary: GenerationSummary
    /// As it was asked for.
    package var request: GenerationRequest
    /// The newest round; empty before it exists.
    package var ideas: [Idea]
    /// Which round `ideas` is, counting from 1; 0 before the first.
    package var ideasRound: Int
    package var selection: Selection?
    package var article: Article?
    package var image: Image?
    /// Why there is no picture, when there was to be one.
    package var imageError: String?
    package var draftId: String?
    package var timeline: [TimelineEntry]
    package var cost: Cost

    package struct Image: Sendable, Codable {
        package var contentType: String
        package var sizeBytes: Int
        /// Pixels.
        package var width: Int
        package var height: Int
        package var altText: String
    }

    /// What the providers charged so far, attempts that came to nothing included.
    package struct Cost: Sendable, Codable, Hashable {
        package var inputTokens: Int
        package var outputTokens: Int
        /// Millionths of a dollar; 0 for models without a configured price.
        package var microdollars: Int64
        package init(inputTokens: Int = 0, outputTokens: Int = 0, microdollars: Int64 = 0) {
            self.inputTokens = inputTokens
            self.outputTokens = outputTokens
            self.microdollars = microdollars
        }
    }
}

/// One thing that happened, in people's words.
package struct TimelineEntry: Sendable, Codable, Identifiable {
    /// Ascends; ask for what is newer by it.
    package var id: Int64
    package var at: Timestamp
    /// The engine's name of it, such as `recorded`.
    package var kind: String
    package var step: String?
    package var text: String
}

/// An image's bytes, as stored.
package struct StoredImage: Sendable {
    package var bytes: [UInt8]
    package var contentType: String
    package var altText: String
}
