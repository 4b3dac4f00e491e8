import ProductKit

/// What a caller asks for: one article. Everything but the source may be left to the site's settings.
///
/// Read one from JSON with ``read(_:now:)``, which reports every wrong field at once. One made by hand is checked by
/// ``problems(now:)`` when it is submitted.
package struct GenerationRequest: Sendable, Hashable, Codable {
    package var sourceType: SourceType
    /// The keyword itself, or the product's id in its catalogue. 1–200 characters.
    package var sourceId: String
    /// Skips the ideas.
    package var selectedIdea: Idea?
    /// Takes the first idea without asking.
    package var autoSelect: Bool?
    package var tone: String?
    /// BCP 47, such as `en` or `pt-BR`.
    package var language: String?
    /// 300–3,000.
    package var words: Int?
    package var audience: String?
    package var keywords: [String]?
    /// Words and claims to stay away from.
    package var avoid: [String]?
    package var image: ImageMode?
    package var publishMode: PublishMode?
    /// Only with ``PublishMode/schedule``.
    package var publishAt: Timestamp?
    /// IANA name, such as `Europe/Lisbon`: how `publishAt` is shown, and what it means when it has no offset.
    package var timeZone: String?
    package var reviewRequired: Bool?

    package init(sourceType: SourceType = .keyword, sourceId: String) {
        self.sourceType = sourceType
        self.sourceId = sourceId
    }
}

/// What an article is about.
package enum SourceType: String, Sendable, Codable, CaseIterable {
    case keyword, product
}

/// Where an article's picture comes from.
package enum ImageMode: String, Sendable, Codable, CaseIterable {
    /// Painted for the article.
    case auto
    /// The product's own picture.
    case product
    case none
}

/// What happens to a finished article on the owner's site.
package enum PublishMode: String, Sendable, Codable, CaseIterable {
    /// It stays a draft; the owner publishes it.
    case draft
    /// It is published at a time.
    case schedule
    case publish
}
