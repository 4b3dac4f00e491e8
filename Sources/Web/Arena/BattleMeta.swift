import Arena
import Hummingbird

/// `GET /b/{id}/meta`: the same for everybody, and for caches. A look at it is counted.
struct BattleMeta: Readable {
    static let path = "/b/{id}/meta"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        let id: PostID = try call.id(or: .battleNotFound)
        let battle = try await entrance.arena.battles.find(id)
        try await entrance.arena.events.viewed(battle: id, by: entrance.participant(of: call))
        return try .arenaPublic(battle, to: call)
    }
}
