import Arena
import Hummingbird

/// `POST /battles/{id}/cancel`: calls a battle off that has not ended.
struct BattleCancellation: Postable {
    static let path = "/battles/{id}/cancel"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        return try .arena(await entrance.arena.battles.cancel(call.id(or: .battleNotFound), by: caller))
    }
}
