import Blog
import Hummingbird

/// `POST /api/blog-generation/{id}/retry`: another go, from the step at which it failed or was cancelled.
struct GenerationRetry: Postable {
    static let path = "/api/blog-generation/{id}/retry"
    let generations: BlogGenerations
    let authentication: Authentication

    func post(_ call: Call) async throws -> Response {
        let (scope, caller) = try await authentication.scope(of: call)
        return try .json(await generations.retry(call.generationID(), in: scope, by: caller.name))
    }
}
