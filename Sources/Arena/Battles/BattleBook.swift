import Database
import Engine
import ProductKit

/// Keeps a battle's row in step with its job, in the transactions that change it. Every verb looks at the run: what an
/// older one brings changes nothing.
enum BattleBook {
    /// A battle counts as a reply of each of its personas.
    ///
    /// - Throws: `quota.exhausted`.
    static func reserve(_ personas: [Persona], day: QuotaDay, in transaction: borrowing Transaction) throws {
        // In the order of their ids: two that want the same pair cannot wait in a circle.
        for persona in personas.sorted(by: { $0.id < $1.id }) {
            try Quotas.reserve(.reply, of: persona, day: day, in: transaction)
        }
    }

    /// Moves on to a state under way.
    static func show(_ status: Battle.Status, _ job: BattleJob, in transaction: borrowing Transaction) throws {
        let now = try transaction.instant()
        // Somebody who retries the ended job by hand takes the quota again.
        if let settled = try settlement(of: job, in: transaction), settled.state == "released" {
            for persona in settled.personas {
                try transaction.execute(
                    """
                    update quota_uses set reserved = reserved + 1
                     where persona_id = \(persona) and kind = 'reply' and day = \(settled.day)
                    """)
            }
        }
        try transaction.execute(
            """
            update battles
               set status = \(status), error_code = null, error = null, finished_at = null,
                   quota_state = case when quota_state = 'released' then 'reserved' else quota_state end,
                   updated_at = \(timestamp: now.stored)
             where post_id = \(job.battle) and run = \(job.run)
            """)
    }

    static func store(
        _ turns: [WrittenTurns.Turn], by model: String, _ subject: BattleSubject, _ job: BattleJob,
        _ supplies: Supplies, in transaction: borrowing Transaction
    ) throws {
        let now = try transaction.instant()
        // Locked: a run that begins anew meanwhile comes before or after all of it.
        let run = try transaction.value(
            "select run from battles where post_id = \(job.battle) \(.lock(.noKeyUpdate))", as: Int.self)
        guard run == job.run else { throw StepFailure.gone("battle") }
        for turn in turns {
            let side = BattleTurn.Side(turn: turn.turn)
            try transaction.execute(
                """
                insert into battle_turns (battle_id, turn_index, side, persona_id, content, model, created_at)
                values (\(job.battle), \(turn.turn), \(side), \(subject.persona(of: side)?.id),
                        \(TextRules.plain(turn.content)), \(model), \(timestamp: now.stored))
                on conflict do nothing
                """)
        }
    }

    static func complete(
        _ verdict: Verdict, _ job: BattleJob, _ supplies: Supplies, in transaction: borrowing Transaction
    ) throws {
        let now = try transaction.instant()
        let changed = try transaction.execute(
            """
            update battles
               set status = 'COMPLETE', verdict = \(verdict.verdict), winner = \(verdict.winner),
                   takeaways = \(try StoredJSON.text(verdict.takeaways)), verdict_by = \(verdict.by),
                   finished_at = \(timestamp: now.stored), updated_at = \(timestamp: now.stored)
             where post_id = \(job.battle) and run = \(job.run)
            """)
        guard changed == 1 else { throw StepFailure.gone("battle") }
        try settle(job, spends: true, in: transaction)
        guard
            let owner = try transaction.value(
                "select user_id from posts where id = \(job.battle)", as: UserID.self)
        else { return }
        try Notifier.tell(
            owner, .battleComplete, from: nil, about: .init(.battle, job.battle.rawValue), supplies, at: now,
            in: transaction)
        try ServerEvents.record(
            .battleCompleted, by: owner, about: ["battle_id": job.battle.rawValue], supplies, in: transaction)
    }

    /// The turns so far stay, and may be replaced by a new run.
    static func endPartial(
        _ failure: StepFailure, _ job: BattleJob, in transaction: borrowing Transaction
    ) throws {
        try end(.partial, failure, job, in: transaction)
    }

    /// What has brought turns is paid for; what has not gives its quota back.
    static func end(
        _ status: Battle.Status, _ failure: StepFailure?, _ job: BattleJob, in transaction: borrowing Transaction
    ) throws {
        let now = try transaction.instant()
        let changed = try transaction.execute(
            """
            update battles
               set status = \(status), error_code = \(failure?.code), error = \(failure?.message),
                   finished_at = \(timestamp: now.stored), updated_at = \(timestamp: now.stored)
             where post_id = \(job.battle) and run = \(job.run) and status in ('QUEUED', 'RUNNING', 'JUDGING')
            """)
        guard changed == 1 else { return }
        let turns =
            try transaction.value("select count(*) from battle_turns where battle_id = \(job.battle)", as: Int.self)
            ?? 0
        try settle(job, spends: turns > 0, in: transaction)
    }

    private static func settle(_ job: BattleJob, spends: Bool, in transaction: borrowing Transaction) throws {
        guard let settlement = try settlement(of: job, in: transaction), settlement.state == "reserved" else { return }
        for persona in settlement.personas {
            if spends {
                try Quotas.spend(.reply, of: persona, day: settlement.day, in: transaction)
            } else {
                try Quotas.release(.reply, of: persona, day: settlement.day, in: transaction)
            }
        }
        try transaction.execute(
            """
            update battles set quota_state = \(spends ? "spent" : "released")
             where post_id = \(job.battle) and run = \(job.run)
            """)
    }

    private static func settlement(
        of job: BattleJob, in transaction: borrowing Transaction
    ) throws -> Settlement? {
        try transaction.one(
            """
            select persona_a_id, persona_b_id, quota_day, quota_state from battles
             where post_id = \(job.battle) and run = \(job.run) and quota_day is not null
            """)
    }

    /// What a run has reserved.
    private struct Settlement: RowDecodable {
        /// In the order in which their rows are locked.
        let personas: [PersonaID]
        let day: String
        let state: String
        init(_ row: borrowing Row) throws {
            let (a, b): (PersonaID, PersonaID?) = (try row[0], try row[1])
            personas = [a, b].compactMap { $0 }.sorted()
            day = try row[2]
            state = try row[3]
        }
    }
}
