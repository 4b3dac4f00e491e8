import Blog
import Hummingbird

/// `GET /api/blog-generation/{id}`: one generation with its ideas, article, timeline, waiting reason and cost.
struct GenerationItem: Readable {
    static let path = "/api/blog-generation/{id}"
    let generations: BlogGenerations
    let authentication: Authentication

    func get(_ call: Call) async throws -> Response {
        let (scope, _) = try await authentication.scope(of: call)
        return try .json(GenerationAnswer(detail: await generations.find(call.generationID(), in: scope)))
    }
}

/// The summary's members stand at the top, so that `id` and `status` are where a list has them.
struct GenerationAnswer: Encodable {
    let detail: GenerationDetail

    private enum Key: String, CodingKey {
        case request, ideas, ideasRound, selection, article, image, imageError, draftId, timeline, cost
    }

    func encode(to encoder: any Encoder) throws {
        try detail.summary.encode(to: encoder)
        var members = encoder.container(keyedBy: Key.self)
        try members.encode(detail.request, forKey: .request)
        try members.encode(detail.ideas, forKey: .ideas)
        try members.encode(detail.ideasRound, forKey: .ideasRound)
        try members.encodeIfPresent(detail.selection, forKey: .selection)
        try members.encodeIfPresent(detail.article, forKey: .article)
        try members.encodeIfPresent(detail.image, forKey: .image)
        try members.encodeIfPresent(detail.imageError, forKey: .imageError)
        try members.encodeIfPresent(detail.draftId, forKey: .draftId)
        try members.encode(detail.timeline, forKey: .timeline)
        try members.encode(detail.cost, forKey: .cost)
    }
}
