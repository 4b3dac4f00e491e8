import Arena
import Hummingbird

/// `POST /battles/{id}/regenerate`: begins anew what has no verdict.
struct BattleRegeneration: Postable {
    static let path = "/battles/{id}/regenerate"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        let battle = try await entrance.arena.battles.regenerate(
            call.id(or: .battleNotFound), by: caller, traceID: call.trace.description)
        return try .arena(battle, status: .accepted)
    }
}
