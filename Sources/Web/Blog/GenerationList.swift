import Blog
import HTTPTypes
import Hummingbird

/// `/api/blog-generation`: the site's generations, newest first, and the way in for new ones.
struct GenerationList: Readable, Postable {
    static let path = "/api/blog-generation"
    let generations: BlogGenerations
    let authentication: Authentication
    let timing: Timing

    func get(_ call: Call) async throws -> Response {
        let (scope, _) = try await authentication.scope(of: call)
        return try .json(await generations.list(GenerationFilter(call), in: scope))
    }

    func post(_ call: Call) async throws -> Response {
        let site = try await authentication.site(for: call)
        let request = try GenerationRequest.read(call.jsonBytes(), now: timing.now())
        let submitted = try await generations.submit(request, for: site, idempotencyKey: call.idempotencyKey())
        var headers: HTTPFields = [.location: "\(Self.path)/\(submitted.id)"]
        if submitted.isRepetition { headers[.idempotencyReplayed] = "true" }
        return try .json(submitted, status: .created, headers: headers)
    }
}
