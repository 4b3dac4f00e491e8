import Database
import Engine
import ProductKit

/// What becomes of each persona that is to reply.
package struct GeneratedReplies: Sendable, Encodable, Equatable {
    package var enqueued = 0
    package var skipped = 0
    package var jobs: [Entry] = []

    package struct Entry: Sendable, Encodable, Equatable {
        package let personaID: PersonaID
        package let status: Status
        /// Why it is skipped.
        package let reason: Reason?
        package let operationID: OperationID?

        enum CodingKeys: String, CodingKey {
            case personaID = "personaId"
            case status, reason
            case operationID = "operationId"
        }
    }

    package enum Status: String, Sendable, Encodable { case enqueued, skipped }

    package enum Reason: String, Sendable, Encodable {
        case alreadyQueued = "already_queued"
        case alreadyReplied = "already_replied"
        case quotaExhausted = "quota_exhausted"
        case personaPaused = "persona_paused"
        /// A persona does not answer itself.
        case ownPost = "own_post"
        case threadFull = "thread_full"
    }

    fileprivate mutating func add(_ persona: PersonaID, _ outcome: Outcome) {
        switch outcome {
        case .enqueued(let id):
            enqueued += 1
            jobs.append(Entry(personaID: persona, status: .enqueued, reason: nil, operationID: id))
        case .skipped(let reason):
            skipped += 1
            jobs.append(Entry(personaID: persona, status: .skipped, reason: reason, operationID: nil))
        }
    }

    fileprivate enum Outcome {
        case enqueued(OperationID)
        case skipped(Reason)
    }
}

extension Replies {
    package static let personasMax = 10
    private static let personasDefault = 3

    /// Lets personas of the caller's reply to a post: a job each, and never two active for the same pair.
    ///
    /// - Parameter personas: at most ``personasMax``; none for the caller's oldest three.
    /// - Throws: `post.not_found`; `post.wrong_state`; `persona.not_found`; `queue.full`, and then nothing is enqueued.
    package func generate(
        for post: PostID, by personas: [PersonaID], caller: Member, traceID: String?
    ) async throws -> GeneratedReplies {
        try await arena.write { transaction, wakes in
            let post = try Post.require(post, for: caller.id, in: transaction)
            guard post.status == .published else {
                throw ArenaError.postState(post.status, "Only a published post is replied to.")
            }
            var answer = GeneratedReplies()
            for persona in try chosen(personas, of: caller, in: transaction) {
                let outcome = try enqueue(persona, post, caller, traceID, in: transaction, waking: wakes)
                answer.add(persona.id, outcome)
            }
            return answer
        }
    }

    /// In the order of their ids: two requests for the same pairs then meet at the first and cannot wait in a circle.
    private func chosen(
        _ ids: [PersonaID], of caller: Member, in transaction: borrowing Transaction
    ) throws -> [Persona] {
        if ids.isEmpty {
            return try transaction.all(
                """
                select \(Persona.columns) from personas p where p.user_id = \(caller.id) and p.status = 'active'
                 order by p.created_at, p.id limit \(Self.personasDefault)
                """
            ).sorted { $0.id < $1.id }
        }
        return try Set(ids).sorted().map { try Persona.require($0, of: caller.id, in: transaction) }
    }

    private func enqueue(
        _ persona: Persona, _ post: Post, _ caller: Member, _ traceID: String?,
        in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws -> GeneratedReplies.Outcome {
        guard persona.status == .active else { return .skipped(.personaPaused) }
        guard post.persona?.id != persona.id else { return .skipped(.ownPost) }
        let day = QuotaDay(at: try transaction.instant(), zone: caller.timeZone)
        let order = OperationBook.Order(
            kind: .generateReply, user: caller.id, persona: persona, post: post.id, quota: .reply, traceID: traceID)
        guard let id = try OperationBook.open(order, day: day, arena.supplies, in: transaction) else {
            return .skipped(.alreadyQueued)
        }
        // The pair is ours now. A reply that was recorded while we waited for it is seen only from here on.
        if let reason = try obstacle(persona, post, in: transaction) {
            try transaction.execute("delete from operations where id = \(id)")
            return .skipped(reason)
        }
        do { try Quotas.reserve(.reply, of: persona, day: day, in: transaction) } catch let error as ArenaError {
            guard error.code == .quotaExhausted else { throw error }
            try transaction.execute("delete from operations where id = \(id)")
            return .skipped(.quotaExhausted)
        }
        try OperationBook.enqueue(
            WritingJob(operation: id, persona: persona.id, post: post.id, traceID: traceID), as: ReplyTask.self,
            for: caller.tenant, by: arena.engine, in: transaction, waking: wakes)
        return .enqueued(id)
    }

    private func obstacle(
        _ persona: Persona, _ post: Post, in transaction: borrowing Transaction
    ) throws -> GeneratedReplies.Reason? {
        let known = try transaction.value(
            "select 1 from replies where post_id = \(post.id) and persona_id = \(persona.id)", as: Int.self)
        if known != nil { return .alreadyReplied }
        let count =
            try transaction.value(
                """
                select (select count(*) from replies where post_id = \(post.id) and persona_id is not null)
                     + (select count(*) from operations
                         where post_id = \(post.id) and kind = 'generate_reply' and is_active = 1)
                """, as: Int.self) ?? 0
        return count > arena.settings.personaRepliesMax ? .threadFull : nil
    }
}

/// Who is to reply.
package enum GenerateRepliesForm {
    /// - Throws: `request.malformed`; `validation.failed`.
    package static func read(_ body: [UInt8]) throws -> [PersonaID] {
        var reader = try FieldReader(body: body)
        let texts = reader.list("persona_ids", count: 0...Replies.personasMax, length: 1...64) ?? []
        let ids = texts.compactMap { PersonaID($0) }
        if ids.count != texts.count { reader.complain("persona_ids", "must be ids") }
        try reader.close()
        return ids
    }
}
