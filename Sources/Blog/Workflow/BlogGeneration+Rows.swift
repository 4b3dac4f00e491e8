import Database
import Engine
import ProductKit
import Providers
import Publishers

/// The rows that are written with a step's result, under the job's lock and fence.
extension BlogGeneration {
    static func store(ideas json: String, round: Int, of id: JobID, in transaction: borrowing Transaction) throws {
        let now = try transaction.timestamp()
        try transaction.executeLater(
            """
            insert into blog_ideas (generation_id, round, ideas, created_at)
            values (\(id), \(round), \(json), \(now))
            on conflict (generation_id, round) do update set ideas = excluded.ideas
            """)
        try transaction.executeLater(
            "update blog_generations set ideas_round = \(round), updated_at = \(now) where id = \(id)")
    }

    static func store(
        _ article: Article, about idea: Idea, by model: String, of id: JobID, in transaction: borrowing Transaction
    ) throws {
        let now = try transaction.timestamp()
        let (tags, idea) = try (StoredJSON.text(article.tags), StoredJSON.text(idea))
        try transaction.executeLater(
            """
            insert into blog_articles (generation_id, title, slug, excerpt, body, meta_description, tags, image_prompt,
                                       alt_text, idea, author_model, updated_at)
            values (\(id), \(article.title), \(article.slug), \(article.excerpt), \(article.body),
                    \(article.metaDescription), \(tags), \(article.imagePrompt), \(article.altText), \(idea), \(model),
                    \(now))
            on conflict (generation_id) do update
               set title = excluded.title, slug = excluded.slug, excerpt = excluded.excerpt, body = excluded.body,
                   meta_description = excluded.meta_description, tags = excluded.tags,
                   image_prompt = excluded.image_prompt, alt_text = excluded.alt_text, idea = excluded.idea,
                   author_model = excluded.author_model, updated_at = excluded.updated_at
            """)
        try transaction.executeLater(
            """
            update blog_generations
               set title = \(article.title), slug = \(article.slug), excerpt = \(article.excerpt),
                   updated_at = \(now)
             where id = \(id)
            """)
    }

    static func store(
        image state: ImageState, _ failure: Failure?, of id: JobID, in transaction: borrowing Transaction
    ) throws {
        let now = try transaction.timestamp()
        try transaction.executeLater(
            """
            update blog_generations
               set image_state = \(state), image_error = \(failure?.message), updated_at = \(now)
             where id = \(id)
            """)
    }

    static func store(_ file: ImageFile, of id: JobID, in transaction: borrowing Transaction) throws {
        let now = try transaction.timestamp()
        try transaction.executeLater(
            """
            insert into blog_images (generation_id, content_type, bytes, size_bytes, width, height, created_at)
            values (\(id), \(file.contentType), \(file.bytes), \(file.bytes.count), \(file.width), \(file.height),
                    \(now))
            on conflict (generation_id) do update
               set content_type = excluded.content_type, bytes = excluded.bytes, size_bytes = excluded.size_bytes,
                   width = excluded.width, height = excluded.height, created_at = excluded.created_at
            """)
        try store(image: .ready, nil, of: id, in: transaction)
    }

    static func store(
        _ receipt: DraftReceipt, mayHaveStrays: Bool, of id: JobID, in transaction: borrowing Transaction
    ) throws {
        let now = try transaction.timestamp()
        let flag: SQL = mayHaveStrays ? "stray_check = 1," : ""
        try transaction.executeLater(
            """
            update blog_generations
               set \(flag) draft_id = \(receipt.id.text), url = \(receipt.url), updated_at = \(now)
             where id = \(id)
            """)
    }

    static func store(url: String, of id: JobID, in transaction: borrowing Transaction) throws {
        let now = try transaction.timestamp()
        try transaction.executeLater(
            "update blog_generations set url = \(url), updated_at = \(now) where id = \(id)")
    }
}

/// What a post is made of, as stored.
struct StoredPost: Sendable {
    var article: Article
    var authorModel: String
    var image: StoredImage?

    static func load(_ id: JobID, in transaction: borrowing Transaction) throws -> StoredPost? {
        guard
            let row: StoredArticle = try transaction.one(
                "select \(StoredArticle.columns) from blog_articles where generation_id = \(id)")
        else { return nil }
        return StoredPost(
            article: row.article, authorModel: row.authorModel, image: try StoredImage.load(id, in: transaction))
    }
}

struct StoredArticle: Sendable, RowDecodable {
    static let columns: SQL = """
        title, slug, excerpt, body, meta_description, tags, image_prompt, alt_text, author_model
        """
    var article: Article
    var authorModel: String

    init(_ row: borrowing Row) throws {
        article = try Article(
            title: row[0], slug: row[1], excerpt: row[2], body: row[3], metaDescription: row[4],
            tags: StoredJSON.value(row[5]), imagePrompt: row[6], altText: row[7])
        authorModel = try row[8]
    }
}

extension StoredImage: RowDecodable {
    package init(_ row: borrowing Row) throws {
        bytes = try row[0]
        contentType = try row[1]
        altText = try row[2]
    }

    static func load(_ id: JobID, in transaction: borrowing Transaction) throws -> StoredImage? {
        try transaction.one(
            """
            select i.bytes, i.content_type, coalesce(a.alt_text, '')
              from blog_images i left join blog_articles a on a.generation_id = i.generation_id
             where i.generation_id = \(id)
            """)
    }
}

extension ImageState: SQLEncodable, SQLDecodable {}
extension GenerationStatus: SQLEncodable, SQLDecodable {}
extension SourceType: SQLEncodable, SQLDecodable {}
