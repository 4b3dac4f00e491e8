import Arena
import Hummingbird

/// `GET /rooms`.
struct RoomList: Readable {
    static let path = "/rooms"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        try .arenaPublic(Page(items: await entrance.arena.rooms.list()), to: call)
    }
}
