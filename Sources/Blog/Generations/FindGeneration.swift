import Database
import Engine
import ProductKit

extension BlogGenerations {
    /// Everything that an owner may see of one generation.
    ///
    /// - Throws: `generation.not_found`, also for another site's.
    package func find(_ id: JobID, in scope: Scope) async throws -> GenerationDetail {
        let parts = try await engine.database.read { transaction in
            let row = try GenerationRow.require(id, in: scope, transaction)
            return try Parts(row, in: transaction)
        }
        let (row, request) = (parts.row, try StoredJSON.value(parts.row.request, as: GenerationRequest.self))
        return GenerationDetail(
            summary: try await summaries([row])[0], request: request, ideas: parts.ideas, ideasRound: row.ideasRound,
            selection: try row.selection.map { try StoredJSON.value($0) }, article: parts.article?.article,
            image: parts.image, imageError: row.imageError, draftId: row.draftId,
            timeline: try await timeline(of: id, in: scope), cost: parts.cost)
    }

    /// The picture's bytes; nil while there is none.
    ///
    /// - Throws: `generation.not_found`.
    package func image(of id: JobID, in scope: Scope) async throws -> StoredImage? {
        try await engine.database.read { transaction in
            _ = try GenerationRow.require(id, in: scope, transaction)
            return try StoredImage.load(id, in: transaction)
        }
    }

    /// What one read transaction gathers.
    private struct Parts: Sendable {
        var row: GenerationRow
        var ideas: [Idea]
        var article: StoredArticle?
        var image: GenerationDetail.Image?
        var cost: GenerationDetail.Cost

        init(_ row: GenerationRow, in transaction: borrowing Transaction) throws {
            self.row = row
            let ideas: String? = try transaction.value(
                "select ideas from blog_ideas where generation_id = \(row.id) and round = \(row.ideasRound)")
            self.ideas = try ideas.map { try StoredJSON.value($0) } ?? []
            article = try transaction.one(
                "select \(StoredArticle.columns) from blog_articles where generation_id = \(row.id)")
            image = try transaction.one(
                """
                select i.content_type, i.size_bytes, i.width, i.height, coalesce(a.alt_text, '')
                  from blog_images i left join blog_articles a on a.generation_id = i.generation_id
                 where i.generation_id = \(row.id)
                """)
            cost = try transaction.one(GenerationDetail.Cost.query(row.id)) ?? GenerationDetail.Cost()
        }
    }
}

extension GenerationDetail.Image: RowDecodable {
    package init(_ row: borrowing Row) throws {
        contentType = try row[0]
        sizeBytes = try row[1]
        width = try row[2]
        height = try row[3]
        altText = try row[4]
    }
}

extension GenerationDetail.Cost: RowDecodable {
    /// Recorded steps, and attempts that came to nothing.
    static func query(_ id: JobID) -> SQL {
        """
        select cast(coalesce(sum(tokens_in), 0) as bigint), cast(coalesce(sum(tokens_out), 0) as bigint),
               cast(coalesce(sum(microdollars), 0) as bigint)
          from (select tokens_in, tokens_out, microdollars from steps where job_id = \(id)
                union all
                select tokens_in, tokens_out, microdollars from late_costs where job_id = \(id)) as spent
        """
    }

    package init(_ row: borrowing Row) throws {
        self.init(inputTokens: try row[0], outputTokens: try row[1], microdollars: try row[2])
    }
}
