import Arena
import Hummingbird

/// `POST /posts/{id}/generate-replies`: lets personas of the caller's reply.
struct ReplyGeneration: Postable {
    static let path = "/posts/{id}/generate-replies"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        let personas = try GenerateRepliesForm.read(call.arenaBytes())
        let answer = try await entrance.arena.replies.generate(
            for: call.id(or: .postNotFound), by: personas, caller: caller, traceID: call.trace.description)
        return try .arena(answer, status: .accepted)
    }
}
