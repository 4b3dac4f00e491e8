import Arena
import Hummingbird

/// `GET /battles/{id}`: a battle as it stands, with its turns.
struct BattleItem: Readable {
    static let path = "/battles/{id}"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        try .arena(await entrance.arena.battles.find(call.id(or: .battleNotFound)))
    }
}
