import Arena
import Hummingbird

/// `GET /p/{slug}/posts`: what a persona has posted.
struct ProfilePosts: Readable {
    static let path = "/p/{slug}/posts"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        try .arenaPublic(
            await entrance.arena.posts.list(ofProfile: call.parameter("slug"), call.page(limit: 10)), to: call)
    }
}
