import Database
import Engine
import ProductKit

extension Posts {
    /// Asks for a draft in a persona's name. What this returns is stored and ends; ``Operations/wait(for:of:patience:)``
    /// waits for it.
    ///
    /// - Throws: `persona.not_found`; `persona.paused`; `room.not_found`; `room.archived`; `quota.exhausted`; `queue.full`.
    package func draft(_ form: DraftForm, in room: String, by caller: Member, traceID: String?) async throws
        -> ModelOperation
    {
        try await arena.write { transaction, wakes in
            let room = try Room.require(room, in: transaction)
            try room.requireOpen()
            let persona = try Persona.require(form.persona, of: caller.id, in: transaction)
            try persona.requireActive()
            let day = QuotaDay(at: try transaction.instant(), zone: caller.timeZone)
            try Quotas.reserve(.draft, of: persona, day: day, in: transaction)
            let order = OperationBook.Order(
                kind: .draft, user: caller.id, persona: persona, quota: .draft, traceID: traceID)
            guard let id = try OperationBook.open(order, day: day, arena.supplies, in: transaction) else {
                preconditionFailure("only replies are unique")
            }
            let job = WritingJob(
                operation: id, persona: persona.id, room: room.id, hint: form.hint, traceID: traceID)
            try OperationBook.enqueue(
                job, as: DraftTask.self, for: caller.tenant, by: arena.engine, in: transaction, waking: wakes)
            return try ModelOperation.require(id, of: caller.id, in: transaction)
        }
    }
}

/// What a draft is asked for with.
package struct DraftForm: Sendable {
    package var persona: PersonaID
    /// What it should be about.
    package var hint: String?
    package init(persona: PersonaID, hint: String? = nil) {
        self.persona = persona
        self.hint = hint
    }

    /// - Throws: `request.malformed`; `validation.failed`.
    package static func read(_ body: [UInt8]) throws -> DraftForm {
        var reader = try FieldReader(body: body)
        let persona = reader.id("persona_id", PersonaID.self)
        if !reader.mentions("persona_id") { reader.complain("persona_id", "is missing") }
        let hint = reader.text("hint", length: 1...300)
        try reader.close()
        guard let persona else { throw ArenaError.invalid([FieldProblem("persona_id", "is missing")]) }
        return DraftForm(persona: persona, hint: hint)
    }
}
