/// What a site's articles are like when a request does not say otherwise.
package struct SiteSettings: Sendable, Hashable, Codable {
    /// What the site is, in a sentence or two; at most 400 characters.
    package var about: String?
    package var tone = "friendly and clear"
    /// BCP 47.
    package var language = "en"
    /// Under whose name articles appear; nil for the site's own.
    package var author: String?
    /// 300–3,000.
    package var words = 900
    package var audience: String?
    package var autoSelect = false
    package var image = ImageMode.auto
    package var publishMode = PublishMode.draft
    /// IANA name.
    package var timeZone = "UTC"
    /// Where posts appear; nil for where the installation's do.
    package var publisher: PublisherKind?

    package init() {}

    /// Settings that an older version stored lack what is newer; the default stands in.
    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        about = try members.decodeIfPresent(String.self, forKey: .about)
        tone = try members.decodeIfPresent(String.self, forKey: .tone) ?? tone
        language = try members.decodeIfPresent(String.self, forKey: .language) ?? language
        author = try members.decodeIfPresent(String.self, forKey: .author)
        words = try members.decodeIfPresent(Int.self, forKey: .words) ?? words
        audience = try members.decodeIfPresent(String.self, forKey: .audience)
        autoSelect = try members.decodeIfPresent(Bool.self, forKey: .autoSelect) ?? autoSelect
        image = try members.decodeIfPresent(ImageMode.self, forKey: .image) ?? image
        publishMode = try members.decodeIfPresent(PublishMode.self, forKey: .publishMode) ?? publishMode
        timeZone = try members.decodeIfPresent(String.self, forKey: .timeZone) ?? timeZone
        publisher = try members.decodeIfPresent(PublisherKind.self, forKey: .publisher)
    }
}
