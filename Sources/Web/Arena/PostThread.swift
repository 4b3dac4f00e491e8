import Arena
import Hummingbird

/// `GET /posts/{id}/thread`: a post, its replies and what they come to. Reading never waits for the model.
struct PostThread: Readable {
    static let path = "/posts/{id}/thread"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        let visitor = try await entrance.visitor(of: call)
        return try .arena(
            await entrance.arena.threads.read(
                call.id(or: .postNotFound), call.page(limit: 50), for: visitor, traceID: call.trace.description))
    }
}
