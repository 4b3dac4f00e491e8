import Arena
import Hummingbird

/// `GET /feed`: what the caller follows, their rooms, and what others engage with; each item says why it is there.
struct FeedItems: Readable {
    static let path = "/feed"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        try call.allowQuery("limit", "cursor")
        return try .arena(await entrance.arena.feed.read(call.page(), of: entrance.caller(of: call)))
    }
}
