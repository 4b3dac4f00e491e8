import Database
import ProductKit

extension Battles {
    /// Counts a visitor's opinion; the last one of each counts.
    ///
    /// - Throws: `battle.not_found`; `battle.wrong_state` before there is something to judge.
    package func vote(_ choice: VoteChoice, on id: PostID, by actor: Participant) async throws -> VoteTally {
        let supplies = arena.supplies
        return try await arena.write { transaction, _ in
            let battle = try Battle.require(id, in: transaction)
            guard battle.status == .complete || battle.status == .partial else {
                throw ArenaError.battleState(battle.status, "Votes are cast once the turns are written.")
            }
            let now = try transaction.instant()
            let voter = actor.key(supplies.settings.tokenSecret)
            let isFirst =
                try transaction.value(
                    "select 1 from battle_votes where battle_id = \(id) and voter = \(voter)", as: Int.self) == nil
            try transaction.execute(
                """
                insert into battle_votes (battle_id, voter, choice, created_at)
                values (\(id), \(voter), \(choice), \(timestamp: now.stored))
                on conflict (battle_id, voter) do update set choice = excluded.choice
                """)
            if isFirst {
                try Events.store(.battleVoted, ["battle_id": id.rawValue], by: actor, supplies, in: transaction)
                try Hotness.refresh(id, at: now, in: transaction)
            }
            return try battle.votes(in: transaction)
        }
    }
}
