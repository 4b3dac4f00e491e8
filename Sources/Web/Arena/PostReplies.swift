import Arena
import Hummingbird

/// `POST /posts/{id}/replies`: a person's own answer.
struct PostReplies: Postable {
    static let path = "/posts/{id}/replies"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        let content = try ReplyForm.read(call.arenaBytes())
        return try .arena(
            await entrance.arena.replies.write(content, to: call.id(or: .postNotFound), by: caller), status: .created)
    }
}
