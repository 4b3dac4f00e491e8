import Engine
import ProductKit

/// All that a generation needs to run to its end: the request with the site's settings filled in. The job's input.
///
/// Later changes of the settings do not reach it, so that a retry does what was asked for.
package struct Brief: Sendable, Codable, Hashable {
    /// The site's instance id.
    var site: String
    var author: String
    /// What the site is.
    var about: String?
    var sourceType: SourceType
    var sourceId: String
    var selectedIdea: Idea?
    var autoSelect: Bool
    var tone: String
    var language: String
    var words: Int
    var audience: String?
    var keywords: [String]
    var avoid: [String]
    var image: ImageMode
    var publishMode: PublishMode
    var publishAt: Timestamp?
    var timeZone: String
    /// Given with the request, so that no source has to be asked.
    var product: Product?

    package init(_ request: GenerationRequest, for site: Site, product: Product? = nil) {
        let settings = site.settings
        self.site = site.instanceID
        author = settings.author ?? site.name
        about = settings.about
        sourceType = request.sourceType
        sourceId = request.sourceId
        selectedIdea = request.selectedIdea
        autoSelect = request.autoSelect ?? settings.autoSelect
        tone = request.tone ?? settings.tone
        language = request.language ?? settings.language
        words = request.words ?? settings.words
        audience = request.audience ?? settings.audience
        keywords = request.keywords ?? []
        avoid = request.avoid ?? []
        // A site that prefers its products' pictures still has keywords to write about.
        let preferred = request.image ?? settings.image
        image = preferred == .product && request.sourceType == .keyword ? .auto : preferred
        publishMode = request.publishMode ?? settings.publishMode
        publishAt = request.publishAt
        timeZone = request.timeZone ?? settings.timeZone
        self.product = product
    }

    /// Whether the product has to be looked up before anything is written about it.
    var needsSource: Bool { sourceType == .product && product == nil }
}
