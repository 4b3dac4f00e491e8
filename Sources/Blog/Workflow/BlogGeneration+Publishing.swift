import Database
import Engine
import Foundation
import Logging
import ProductKit
import Publishers

/// The steps on the owner's site: draft, schedule, publish.
extension BlogGeneration {
    func createDraft(for job: Job<Brief>, after done: Done, in context: StepContext) async throws -> Recording {
        let content = try await world.database.read { transaction in try StoredPost.load(job.id, in: transaction) }
        guard let content else {
            throw StepFailure(
                code: "draft.no_article", message: "The article is missing.",
                hint: "Start a new request; this one's article was deleted.", retry: .never)
        }
        let post = post(content, for: job.input)
        let (receipt, listsLag) = try await context.calling("draft", defaultPause: settings.defaultPause) {
            let publisher = try await world.publisher(job.input.site)
            let receipt = try await publisher.createDraft(
                post, marker: Self.marker(job.id), deadline: context.timeout)
            return (receipt, publisher.listsLag)
        }
        // Where a draft can be overlooked, or may have been made twice, a sweep looks for strays later.
        let mayHaveStrays = context.mayHaveActed(after: done) || listsLag
        let refusal = receipt.pictureRefusal.map { Failure(code: "image.refused_by_site", message: $0) }
        return try Recording(Drafted(id: receipt.id, url: receipt.url)) { transaction in
            try Self.store(receipt, mayHaveStrays: mayHaveStrays, of: job.id, in: transaction)
            if let refusal { try Self.store(image: .failed, refusal, of: job.id, in: transaction) }
        }
    }

    func readClock(for job: Job<Brief>) throws -> Recording {
        guard let time = job.input.publishAt else { return try Recording(Due(inMilliseconds: 0)) }
        return try Recording(Due(inMilliseconds: time.milliseconds - Timestamp(world.wallClock()).milliseconds))
    }

    /// By the recorded draft's id and no other.
    func publish(_ job: Job<Brief>, after done: Done, in context: StepContext) async throws -> Recording {
        guard let draft: Drafted = try done.result(of: .draft) else {
            throw StepFailure(code: "publish.no_draft", message: "No draft is recorded.", retry: .never)
        }
        let receipt = try await context.calling("publish", defaultPause: settings.defaultPause) {
            let publisher = try await world.publisher(job.input.site)
            return try await publisher.publish(draft.id, deadline: context.timeout)
        }
        // Operators of the older system grep for this line.
        context.logger.info(
            "[Blog Worker] published", metadata: ["site": "\(job.input.site)", "post": "\(receipt.id)"])
        return try Recording(Published(id: receipt.id, url: receipt.url)) { transaction in
            try Self.store(url: receipt.url, of: job.id, in: transaction)
        }
    }

    /// What our posts are recognised by at their destination.
    static func marker(_ id: JobID) -> String { "\(id)" }

    private func post(_ content: StoredPost, for brief: Brief) -> Post {
        let article = content.article
        let image = content.image.map {
            PostImage(bytes: $0.bytes, contentType: $0.contentType, altText: article.altText)
        }
        return Post(
            title: article.title, slug: article.slug, excerpt: article.excerpt, body: article.body,
            metaDescription: article.metaDescription, tags: article.tags, author: brief.author,
            language: brief.language,
            image: image, origin: settings.isSandbox ? .sandbox : .model(content.authorModel), date: world.wallClock())
    }
}
