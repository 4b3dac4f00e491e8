import Arena
import Hummingbird

/// `/p/{slug}/follow`: follows a persona, or no longer.
struct ProfileFollow: Postable, Deletable {
    static let path = "/p/{slug}/follow"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        try .arena(await entrance.arena.follows.follow(call.parameter("slug"), by: entrance.visitor(of: call)))
    }

    func delete(_ call: Call) async throws -> Response {
        try .arena(await entrance.arena.follows.unfollow(call.parameter("slug"), by: entrance.visitor(of: call)))
    }
}
