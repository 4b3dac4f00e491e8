import Database
import ProductKit

/// People's personas: made, read, changed and deleted by their owners alone.
package struct Personas: Sendable {
    let arena: Arena

    /// - Throws: `persona.limit_reached`.
    package func create(_ form: PersonaForm, for caller: Member) async throws -> Persona {
        let settings = arena.settings
        return try await arena.write { transaction, _ in
            let now = try transaction.instant()
            // The user's row stands for the count: two that come at once take turns.
            try transaction.execute("update users set updated_at = \(timestamp: now.stored) where id = \(caller.id)")
            let count =
                try transaction.value(
                    "select count(*) from personas where user_id = \(caller.id) and status <> 'deleted'", as: Int.self)
                ?? 0
            guard count < settings.personasMax else {
                throw ArenaError(
                    .personaLimit, "You have \(count) personas; \(settings.personasMax) are the most.",
                    hint: "Delete one that you no longer use.")
            }
            let blank = Persona(
                id: arena.ids.next(at: now), userID: caller.id, name: "", bio: "", tone: "neutral", language: "en",
                calibration: Calibration(), dailyDraftQuota: settings.draftQuota,
                dailyReplyQuota: settings.replyQuota, dailyPreviewQuota: settings.previewQuota, status: .active,
                createdAt: now)
            let persona = form.applied(to: blank)
            try insert(persona, in: transaction)
            try ServerEvents.record(.personaCreated, by: caller.id, about: [:], arena.supplies, in: transaction)
            return persona
        }
    }

    /// The caller's own, oldest first; all of them, since there are few.
    package func list(of caller: Member) async throws -> [Persona] {
        try await arena.read { transaction in
            try transaction.all(
                """
                select \(Persona.columns) from personas p
                 where p.user_id = \(caller.id) and p.status <> 'deleted' order by p.created_at, p.id limit 500
                """)
        }
    }

    /// - Throws: `persona.not_found`.
    package func find(_ id: PersonaID, of caller: Member) async throws -> Persona {
        try await arena.read { transaction in try Persona.require(id, of: caller.id, in: transaction) }
    }

    /// - Throws: `persona.not_found`.
    package func change(_ id: PersonaID, _ form: PersonaForm, of caller: Member) async throws -> Persona {
        try await arena.write { transaction, _ in
            let now = try transaction.instant()
            // Locked first: of two changes at once neither undoes the other.
            try transaction.execute("update personas set updated_at = \(timestamp: now.stored) where id = \(id)")
            let persona = form.applied(to: try Persona.require(id, of: caller.id, in: transaction))
            try transaction.execute(
                """
                update personas
                   set name = \(persona.name), bio = \(persona.bio), tone = \(persona.tone),
                       language = \(persona.language), status = \(persona.status),
                       calibration = \(try StoredJSON.text(persona.calibration))
                 where id = \(id)
                """)
            return persona
        }
    }

    /// The persona is gone and its page with it; what it wrote stays, under the name of a deleted persona.
    ///
    /// - Throws: `persona.not_found`.
    package func delete(_ id: PersonaID, of caller: Member) async throws {
        try await arena.write { transaction, _ in
            _ = try Persona.require(id, of: caller.id, in: transaction)
            let now = try transaction.instant()
            try transaction.execute(
                """
                update personas set status = 'deleted', updated_at = \(timestamp: now.stored),
                       calibration = \(try StoredJSON.text(Calibration()))
                 where id = \(id)
                """)
            try transaction.execute("update profiles set is_public = 0 where persona_id = \(id)")
        }
    }

    private func insert(_ persona: Persona, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            insert into personas (id, user_id, name, bio, tone, calibration, language, draft_quota, reply_quota,
                                  preview_quota, status, created_at, updated_at)
            values (\(persona.id), \(persona.userID), \(persona.name), \(persona.bio), \(persona.tone),
                    \(try StoredJSON.text(persona.calibration)), \(persona.language), \(persona.dailyDraftQuota),
                    \(persona.dailyReplyQuota), \(persona.dailyPreviewQuota), \(persona.status),
                    \(timestamp: persona.createdAt.stored), \(timestamp: persona.createdAt.stored))
            """)
    }
}
