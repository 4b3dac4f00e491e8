import Blog
import Publishers

/// The article as the page previews it.
struct ArticleView: Sendable {
    struct Image: Sendable {
        let url: String
        let altText: String
    }

    let title: String
    let excerpt: String?
    /// Sanitised: the only text that a template places without escaping.
    let html: String
    let image: Image?
    let tags: [String]
    let hasTags: Bool

    init(_ article: Article, image: String?) {
        title = article.title
        excerpt = article.excerpt.nonEmpty
        html = MarkdownDocument(article.body).withoutHeading(article.title).html(topLevel: 2)
        self.image = image.map { Image(url: $0, altText: article.altText) }
        tags = article.tags
        hasTags = !article.tags.isEmpty
    }
}
