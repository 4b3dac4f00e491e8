import Arena
import Hummingbird

/// `DELETE /replies/{id}`: its author takes it back, or the post's owner hides it.
struct ReplyItem: Deletable {
    static let path = "/replies/{id}"
    let entrance: ArenaEntrance

    func delete(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        try await entrance.arena.replies.remove(call.id(or: .replyNotFound), by: caller)
        return try .arena(["deleted": true])
    }
}
