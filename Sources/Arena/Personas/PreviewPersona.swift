import Database
import Engine

extension Personas {
    /// Asks for two sample texts at once, which are shown to the owner and kept nowhere else.
    ///
    /// - Parameter room: an id or a slug; nil takes the first.
    /// - Throws: `persona.not_found`; `persona.paused`; `room.not_found`; `quota.exhausted`; `queue.full`.
    package func preview(
        _ id: PersonaID, in room: String?, by caller: Member, traceID: String?
    ) async throws -> ModelOperation {
        try await arena.write { transaction, wakes in
            let persona = try Persona.require(id, of: caller.id, in: transaction)
            try persona.requireActive()
            let name = try room ?? transaction.value("select slug from rooms order by created_at, id limit 1") ?? ""
            let room = try Room.require(name, in: transaction)
            let day = QuotaDay(at: try transaction.instant(), zone: caller.timeZone)
            try Quotas.reserve(.preview, of: persona, day: day, in: transaction)
            let order = OperationBook.Order(
                kind: .preview, user: caller.id, persona: persona, parts: 2, quota: .preview, traceID: traceID)
            guard let operation = try OperationBook.open(order, day: day, arena.supplies, in: transaction) else {
                preconditionFailure("only replies are unique")
            }
            try ServerEvents.record(
                .previewGenerated, by: caller.id, about: ["persona_id": id.rawValue], arena.supplies, in: transaction)
            for part in 1...2 {
                let job = WritingJob(
                    operation: operation, part: part, persona: persona.id, room: room.id, traceID: traceID)
                try OperationBook.enqueue(
                    job, as: PreviewTask.self, for: caller.tenant, by: arena.engine, in: transaction, waking: wakes)
            }
            return try ModelOperation.require(operation, of: caller.id, in: transaction)
        }
    }

    /// How often the persona has been previewed today.
    package func previewQuota(_ id: PersonaID, of caller: Member) async throws -> QuotaStatus {
        try await arena.read { transaction in
            let persona = try Persona.require(id, of: caller.id, in: transaction)
            let day = QuotaDay(at: try transaction.instant(), zone: caller.timeZone)
            return try Quotas.status(.preview, of: persona, day: day, in: transaction)
        }
    }
}
