import Arena
import Hummingbird

/// `/posts/{id}`: one post; its owner may change a draft and delete it.
struct PostItem: Readable, Patchable, Deletable {
    static let path = "/posts/{id}"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        try .arena(await entrance.arena.posts.find(call.id(or: .postNotFound), for: entrance.visitor(of: call)))
    }

    func patch(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        let content = try PostForm.readContent(call.arenaBytes(), isRequired: true) ?? ""
        return try .arena(await entrance.arena.posts.edit(call.id(or: .postNotFound), content: content, by: caller))
    }

    func delete(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        try await entrance.arena.posts.delete(call.id(or: .postNotFound), by: caller)
        return try .arena(["deleted": true])
    }
}
