import Arena
import Hummingbird

/// `GET /trending?window=24h|7d&room=`: what everybody engages with.
struct Trending: Readable {
    static let path = "/trending"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        try call.allowQuery("window", "room", "limit", "cursor")
        let days =
            switch call.given("window") ?? "7d" {
            case "24h": 1
            case "7d": 7
            default: throw Problem.badQuery("window", "is 24h or 7d.")
            }
        return try .arenaPublic(
            await entrance.arena.feed.trending(days: days, in: call.query("room"), call.page()), to: call)
    }
}
