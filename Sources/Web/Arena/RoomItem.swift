import Arena
import Hummingbird

/// `GET /rooms/{id}`, by id or slug.
struct RoomItem: Readable {
    static let path = "/rooms/{id}"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        try .arenaPublic(await entrance.arena.rooms.find(call.parameter("id")), to: call)
    }
}
