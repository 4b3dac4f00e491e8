import Blog
import Hummingbird

/// `POST /api/blog-generation/{id}/cancel`: ends a generation that has not ended.
struct GenerationCancellation: Postable {
    static let path = "/api/blog-generation/{id}/cancel"
    let generations: BlogGenerations
    let authentication: Authentication

    func post(_ call: Call) async throws -> Response {
        let (scope, caller) = try await authentication.scope(of: call)
        return try .json(await generations.cancel(call.generationID(), in: scope, by: caller.name))
    }
}
