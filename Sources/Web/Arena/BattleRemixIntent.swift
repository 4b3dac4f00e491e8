import Arena
import Hummingbird

/// `POST /battles/{id}/remix-intent`: a token with which the battle is remade once, within half an hour.
struct BattleRemixIntent: Postable {
    static let path = "/battles/{id}/remix-intent"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        try .arena(
            await entrance.arena.battles.remixIntent(
                call.id(or: .battleNotFound), by: entrance.participant(of: call)))
    }
}
