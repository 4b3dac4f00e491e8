import Arena
import HTTPTypes
import Hummingbird

/// `POST /rooms/{id}/battles`: begins a battle.
struct RoomBattles: Postable {
    static let path = "/rooms/{id}/battles"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        let form = try BattleForm.read(call.arenaBytes())
        let battle = try await entrance.arena.battles.create(
            form, in: call.parameter("id"), by: caller, traceID: call.trace.description)
        return try .arena(battle, status: .created, headers: [.location: "/battles/\(battle.battle.id)"])
    }
}
