import Blog
import Hummingbird

/// `POST /api/blog-generation/{id}/select-idea`: the owner picks an idea, now or before the ideas exist.
struct IdeaSelection: Postable {
    static let path = "/api/blog-generation/{id}/select-idea"
    let generations: BlogGenerations
    let authentication: Authentication

    func post(_ call: Call) async throws -> Response {
        let (scope, caller) = try await authentication.scope(of: call)
        let selection = try Selection.read(call.jsonBytes())
        return try .json(
            await generations.select(selection, for: call.generationID(), in: scope, by: caller.name))
    }
}
