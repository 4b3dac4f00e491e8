import Blog
import Hummingbird

/// `POST /api/blog-generation/{id}/regenerate-ideas`: five other ideas, with a hint at what was missing.
struct IdeaRegeneration: Postable {
    static let path = "/api/blog-generation/{id}/regenerate-ideas"
    let generations: BlogGenerations
    let authentication: Authentication

    func post(_ call: Call) async throws -> Response {
        let (scope, caller) = try await authentication.scope(of: call)
        let selection = try Selection.readRegeneration(call.jsonBytes())
        return try .json(
            await generations.select(selection, for: call.generationID(), in: scope, by: caller.name))
    }
}
