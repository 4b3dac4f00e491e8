import Arena
import Hummingbird

/// `POST /posts/{id}/approve`: publishes a draft, as it is or edited.
struct PostApproval: Postable {
    static let path = "/posts/{id}/approve"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        let content = try PostForm.readContent(call.arenaBytes(), isRequired: false)
        return try .arena(await entrance.arena.posts.approve(call.id(or: .postNotFound), content: content, by: caller))
    }
}
