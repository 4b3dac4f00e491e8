/// A written article.
package struct Article: Sendable, Hashable, Codable {
    package var title: String
    /// Lower-case words joined by hyphens.
    package var slug: String
    /// One or two sentences for lists.
    package var excerpt: String
    /// Markdown with headings of the second level and below, without the title.
    package var body: String
    /// For search engines.
    package var metaDescription: String
    package var tags: [String]
    /// What the picture is to show.
    package var imagePrompt: String
    /// The picture for people who do not see it.
    package var altText: String

    package init(
        title: String, slug: String, excerpt: String, body: String, metaDescription: String, tags: [String],
        imagePrompt: String, altText: String
    ) {
        self.title = title
        self.slug = slug
        self.excerpt = excerpt
        self.body = body
        self.metaDescription = metaDescription
        self.tags = tags
        self.imagePrompt = imagePrompt
        self.altText = altText
    }
}
