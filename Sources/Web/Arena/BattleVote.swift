import Arena
import Hummingbird

/// `POST /battles/{id}/vote`: one vote per voter; the last one counts.
struct BattleVote: Postable {
    static let path = "/battles/{id}/vote"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        let choice = try VoteChoice.read(call.arenaBytes())
        let tally = try await entrance.arena.battles.vote(
            choice, on: call.id(or: .battleNotFound), by: entrance.participant(of: call))
        return try .arena(["votes": tally])
    }
}
