import Arena
import HTTPTypes
import Hummingbird

/// `/rooms/{id}/posts`: what is published in a room, and the way in for people's own words. `?status=draft` shows the
/// caller's drafts there.
struct RoomPosts: Readable, Postable {
    static let path = "/rooms/{id}/posts"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        try call.allowQuery("sort", "status", "limit", "cursor")
        let posts = entrance.arena.posts
        if let status = call.given("status") {
            guard status == "draft" else { throw Problem.badQuery("status", "is draft, or left out.") }
            let caller = try await entrance.caller(of: call)
            return try .arena(await posts.drafts(in: call.parameter("id"), call.page(), of: caller))
        }
        guard let order = Posts.Order(rawValue: call.given("sort") ?? "new") else {
            throw Problem.badQuery("sort", "is new or hot.")
        }
        let visitor = try await entrance.visitor(of: call)
        return try .arena(await posts.list(in: call.parameter("id"), order, call.page(), for: visitor))
    }

    func post(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        let form = try PostForm.read(call.arenaBytes())
        let post = try await entrance.arena.posts.write(form, in: call.parameter("id"), by: caller)
        return try .arena(post, status: .created, headers: [.location: "/posts/\(post.id)"])
    }
}
