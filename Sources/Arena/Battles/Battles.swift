import Database
import Engine
import ProductKit

/// Begins battles, shows them, and lets their owners begin them anew or call them off.
package struct Battles: Sendable {
    let arena: Arena

    /// Begins a battle: the post, its first job and the quota of both personas are stored together.
    ///
    /// - Throws: `room.not_found`; `room.archived`; `persona.not_found`; `persona.paused`; `template.not_found`;
    ///   `remix.token_invalid`; `remix.token_used`; `quota.exhausted`; `queue.full`.
    package func create(_ form: BattleForm, in room: String, by caller: Member, traceID: String?) async throws
        -> BattleDetail
    {
        let remix = try await remixClaims(form.remixToken)
        return try await arena.write { transaction, wakes in
            let room = try Room.require(room, in: transaction)
            try room.requireOpen()
            let (one, other) = try sides(form, of: caller, in: transaction)
            let template = try Template.require(form.template ?? Template.standard, for: caller.id, in: transaction)
            let now = try transaction.instant()
            let source = try remix.map { try redeem($0, for: room, at: now, in: transaction) }
            let id: PostID = arena.ids.next(at: now)
            let job = try arena.engine.newJobID(in: transaction)
            let day = QuotaDay(at: now, zone: caller.timeZone)
            try BattleBook.reserve([one, other].compactMap { $0 }, day: day, in: transaction)
            try transaction.execute(
                """
                insert into posts (id, kind, room_id, persona_id, user_id, authored_by, status, content, language, hot,
                                   published_at, created_at, updated_at)
                values (\(id), \(Post.Kind.battle), \(room.id), \(one.id), \(caller.id), \(Authorship.ai),
                        \(Post.Status.published), \(form.topic), \(one.language),
                        \(Hotness.value(publishedAt: now, engagement: 0)), \(timestamp: now.stored),
                        \(timestamp: now.stored), \(timestamp: now.stored))
                """)
            try transaction.execute(
                """
                insert into battles (post_id, topic, persona_a_id, persona_b_id, pro_style, con_style, template_id,
                                     template_version, turn_target, word_limit, job_id, source_battle_id, root_battle_id,
                                     remix_depth, quota_day, quota_state, created_at, updated_at)
                values (\(id), \(form.topic), \(one.id), \(other?.id), \(form.proStyle), \(form.conStyle),
                        \(template.id), \(template.version), \(template.turnCount), \(template.wordLimit), \(job),
                        \(source?.id), \(source.map { $0.root ?? $0.id }), \((source?.remixDepth ?? -1) + 1),
                        \(day.name), 'reserved', \(timestamp: now.stored), \(timestamp: now.stored))
                """)
            let input = BattleJob(
                battle: id, run: 1, turns: template.turnCount, words: template.wordLimit, traceID: traceID)
            try arena.engine.enqueue(
                input, as: BattleWriting.self, for: caller.tenant, id: job, uniqueKey: input.uniqueKey, in: transaction,
                waking: wakes)
            try announce(id, template, source, by: caller, at: now, in: transaction)
            return try BattleDetail(id, in: transaction)
        }
    }

    /// - Throws: `battle.not_found`.
    package func find(_ id: PostID) async throws -> BattleDetail {
        try await arena.read { transaction in try BattleDetail(id, in: transaction) }
    }

    /// Begins a battle anew that has no verdict; what was written before is replaced.
    ///
    /// - Throws: `battle.not_found`; `battle.wrong_state`; `quota.exhausted`; `queue.full`.
    package func regenerate(_ id: PostID, by caller: Member, traceID: String?) async throws -> BattleDetail {
        try await arena.write { transaction, wakes in
            let battle = try Battle.requireOwn(id, of: caller.id, in: transaction)
            let now = try transaction.instant()
            let job = try arena.engine.newJobID(in: transaction)
            let day = QuotaDay(at: now, zone: caller.timeZone)
            // The condition is in the statement: of two that come at once, one begins.
            let begun = try transaction.execute(
                """
                update battles
                   set status = 'QUEUED', run = run + 1, job_id = \(job), verdict = null, winner = null, takeaways = null,
                       verdict_by = null, error_code = null, error = null, finished_at = null, quota_day = \(day.name),
                       quota_state = 'reserved', updated_at = \(timestamp: now.stored)
                 where post_id = \(id) and status in ('PARTIAL', 'FAILED', 'CANCELLED')
                """)
            guard begun == 1 else {
                throw ArenaError.battleState(battle.status, "Only what is PARTIAL, FAILED or CANCELLED begins anew.")
            }
            try BattleBook.reserve(
                [battle.personaA, battle.personaB].compactMap { $0 }.map {
                    try Persona.require($0, of: caller.id, in: transaction)
                }, day: day, in: transaction)
            try transaction.execute("delete from battle_turns where battle_id = \(id)")
            let run = try transaction.value("select run from battles where post_id = \(id)", as: Int.self) ?? 1
            let input = BattleJob(
                battle: id, run: run, turns: battle.turnTarget, words: battle.wordLimit, traceID: traceID)
            try arena.engine.enqueue(
                input, as: BattleWriting.self, for: caller.tenant, id: job, uniqueKey: input.uniqueKey, in: transaction,
                waking: wakes)
            return try BattleDetail(id, in: transaction)
        }
    }

    /// Calls a battle off that has not ended; its turns so far stay.
    ///
    /// - Throws: `battle.not_found`; `battle.wrong_state`.
    package func cancel(_ id: PostID, by caller: Member) async throws -> BattleDetail {
        try await arena.write { transaction, wakes in
            let battle = try Battle.requireOwn(id, of: caller.id, in: transaction)
            guard !battle.status.hasEnded, let job = battle.job else {
                throw ArenaError.battleState(battle.status, "Only what has not ended is called off.")
            }
            do { try arena.engine.cancel(job.id, by: "owner", in: transaction, waking: wakes) } catch is EngineError {
                throw ArenaError.battleState(battle.status, "It has just ended.")
            }
            return try BattleDetail(id, in: transaction)
        }
    }

    /// The personas that are named, or the caller's oldest two; with one alone, the community answers.
    private func sides(
        _ form: BattleForm, of caller: Member, in transaction: borrowing Transaction
    ) throws -> (Persona, Persona?) {
        let oldest: [Persona] = try transaction.all(
            """
            select \(Persona.columns) from personas p where p.user_id = \(caller.id) and p.status = 'active'
             order by p.created_at, p.id limit 3
            """)
        func named(_ id: PersonaID?) throws -> Persona? {
            let persona = try id.map { try Persona.require($0, of: caller.id, in: transaction) }
            try persona?.requireActive()
            return persona
        }
        let (a, b) = (try named(form.personaA), try named(form.personaB))
        guard let one = a ?? oldest.first(where: { $0.id != b?.id }) else {
            throw ArenaError(
                .personaNotFound, "A battle needs a persona of yours.", hint: "Make one first: POST /personas.")
        }
        return (one, b ?? oldest.first { $0.id != one.id })
    }

    private func announce(
        _ id: PostID, _ template: Template, _ source: Battle?, by caller: Member, at now: Timestamp,
        in transaction: borrowing Transaction
    ) throws {
        let supplies = arena.supplies
        try ServerEvents.record(
            .battleCreated, by: caller.id, about: ["battle_id": id.rawValue, "template_id": template.id.rawValue],
            supplies, in: transaction)
        if let owner = template.ownerUserID {
            try Notifier.tell(
                owner, .templateUsed, from: caller.id, about: .init(.template, template.id.rawValue), supplies, at: now,
                in: transaction)
        }
        guard let source else { return }
        try ServerEvents.record(
            .remixCompleted, by: caller.id, about: ["source_battle_id": source.id.rawValue], supplies, in: transaction)
        try Hotness.refresh(source.id, at: now, in: transaction)
        try Notifier.tell(
            source.owner, .battleRemixed, from: caller.id, about: .init(.battle, source.id.rawValue), supplies, at: now,
            in: transaction)
    }
}
