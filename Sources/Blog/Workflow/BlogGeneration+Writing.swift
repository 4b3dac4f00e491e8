import Database
import Engine
import ProductKit
import Providers

/// The steps that end in words: source, ideas, content.
extension BlogGeneration {
    func readSource(of job: Job<Brief>, in context: StepContext) async throws -> Recording {
        let product = try await context.calling("source", defaultPause: settings.defaultPause) {
            try await world.products.product(job.input.sourceId, of: job.input.site, deadline: context.timeout)
        }
        return try Recording(product)
    }

    func findIdeas(for job: Job<Brief>, after done: Done, in context: StepContext) async throws -> Recording {
        let prompt = try ideasPrompt(for: job.input, done, round: context.round, marker: context.attemptKey)
        let answer = try await modelCall.ask(Step.ideas.rawValue, prompt, as: Ideas.self, in: context)
        let ideas = answer.value.ideas.map(\.onOneLine)
        let json = try StoredJSON.text(ideas)
        let (id, round) = (job.id, context.round)
        return try Recording(Ideas(ideas: ideas)) { transaction in
            try Self.store(ideas: json, round: round, of: id, in: transaction)
        }
    }

    func writeArticle(
        for job: Job<Brief>, after done: Done, in context: StepContext
    ) async throws -> Recording {
        let brief = job.input
        let idea = try idea(for: brief, done)
        let prompt = try articlePrompt(for: brief, done, marker: context.attemptKey)
        let answer = try await modelCall.ask(
            Step.content.rawValue, prompt, as: Article.self, in: context,
            check: { ArticleCheck.problems($0, brief: brief) }, isUsable: { ArticleCheck.isUsable($0, brief: brief) })
        let article = answer.value.tidied(fallbackSlug: "article-\(job.id)")
        let written = Written(
            title: article.title, imagePrompt: article.imagePrompt, words: WordCount.of(article.body),
            wasRepaired: answer.wasRepaired)
        let author = answer.model
        return try Recording(written) { transaction in
            try Self.store(article, about: idea, by: author, of: job.id, in: transaction)
        }
    }
}

extension Idea {
    /// A model's text as it may stand in lists and in later prompts.
    var onOneLine: Idea {
        Idea(
            title: TextRules.oneLine(title, max: 160), why: TextRules.oneLine(why, max: 600),
            audience: TextRules.oneLine(audience, max: 200), format: TextRules.oneLine(format, max: 80),
            keywords: keywords.map { TextRules.oneLine($0, max: 80) }.filter { !$0.isEmpty })
    }
}

extension Article {
    /// Single lines where lines are wanted, a slug that can stand in an address, a body without a title of its own.
    func tidied(fallbackSlug: String) -> Article {
        var article = self
        article.title = TextRules.oneLine(title, max: 160)
        article.slug = Slug.make(slug, or: title, fallback: fallbackSlug)
        article.excerpt = TextRules.oneLine(excerpt, max: 600)
        article.metaDescription = TextRules.oneLine(metaDescription, max: 320)
        article.tags = tags.map { TextRules.oneLine($0, max: 60) }.filter { !$0.isEmpty }
        article.imagePrompt = TextRules.oneLine(imagePrompt, max: 1_000)
        article.altText = TextRules.oneLine(altText, max: 300)
        article.body = Self.withoutTitle(body)
        return article
    }

    private static func withoutTitle(_ body: String) -> String {
        let plain = String(
            String.UnicodeScalarView(
                body.unicodeScalars.filter { $0 == "\n" || $0 == "\t" || !TextRules.isForbidden($0) }))
        let trimmed = TextRules.trim(plain)
        guard trimmed.hasPrefix("# "), let end = trimmed.firstIndex(of: "\n") else { return trimmed }
        return TextRules.trim(String(trimmed[end...]))
    }
}
