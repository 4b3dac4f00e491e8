import Database
import Engine
import ProductKit

/// Keeps an operation's row in step with its jobs, in the transactions that change them; every verb may come twice.
enum OperationBook {
    /// What is asked for.
    struct Order {
        var kind: ModelOperation.Kind
        var user: UserID
        var persona: Persona
        var post: PostID?
        var parts = 1
        var quota: QuotaKind
        var traceID: String?
    }

    /// Stores an operation whose quota is reserved.
    ///
    /// - Returns: nil when an active one has taken the same (post, persona): of two at once the second waits here until
    ///   the first has ended.
    static func open(
        _ order: Order, day: QuotaDay, _ supplies: Supplies, in transaction: borrowing Transaction
    ) throws -> OperationID? {
        let id: OperationID = supplies.ids.next(at: day.now)
        let stored = try transaction.execute(
            """
            insert into operations (id, kind, user_id, persona_id, post_id, parts, quota_kind, quota_day, quota_state,
                                    trace_id, created_at, updated_at)
            values (\(id), \(order.kind), \(order.user), \(order.persona.id), \(order.post), \(order.parts),
                    \(order.quota), \(day.name), 'reserved', \(order.traceID), \(timestamp: day.now.stored),
                    \(timestamp: day.now.stored))
            on conflict do nothing
            """)
        return stored == 1 ? id : nil
    }

    /// Puts the job of one part into the queue.
    static func enqueue<Task: WritingTask>(
        _ job: WritingJob, as task: Task.Type, for tenant: TenantID, by engine: Engine,
        in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws {
        let id = try engine.newJobID(in: transaction)
        try transaction.execute(
            "insert into operation_jobs (operation_id, part, job_id) values (\(job.operation), \(job.part), \(id))")
        try engine.enqueue(
            job, as: PersonaWriting<Task>.self, for: tenant, id: id, uniqueKey: job.uniqueKey, in: transaction,
            waking: wakes)
    }

    /// A part stands in line: for the first time, or again because somebody retries it.
    static func queued(_ job: WritingJob, in transaction: borrowing Transaction) throws {
        let now = try transaction.instant()
        let isRetry = try transaction.execute(
            """
            update operation_jobs set state = 'active'
             where operation_id = \(job.operation) and part = \(job.part) and state = 'failed'
            """)
        guard isRetry == 1 else { return }
        let quota = try Quota.of(job.operation, in: transaction)
        if let quota, quota.state == "released" {
            try transaction.execute(
                """
                update quota_uses set reserved = reserved + 1
                 where persona_id = \(quota.persona) and kind = \(quota.kind) and day = \(quota.day)
                """)
        }
        try transaction.execute(
            """
            update operations
               set status = 'PENDING', is_active = 1, parts_failed = parts_failed - 1, error_code = null, error = null,
                   error_hint = null, finished_at = null, updated_at = \(timestamp: now.stored),
                   quota_state = case when quota_state = 'released' then 'reserved' else quota_state end
             where id = \(job.operation)
            """)
    }

    static func started(_ job: WritingJob, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            "update operations set status = 'RUNNING' where id = \(job.operation) and status = 'PENDING'")
    }

    /// What a part has brought.
    enum Result {
        case post(PostID)
        case reply(ReplyID)
        case text(String)
        /// Somebody else's result stands in its place.
        case nothing
    }

    static func done(_ job: WritingJob, _ result: Result, in transaction: borrowing Transaction) throws {
        guard try close(job, as: "done", in: transaction) else { return }
        let change: SQL
        switch result {
        case .post(let id): change = "result_post_id = \(id)"
        case .reply(let id): change = "result_reply_id = \(id)"
        case .nothing: change = "updated_at = updated_at"
        case .text(let text):
            // Locked, so that two parts that end at once do not lose each other's text.
            let known = try transaction.value(
                "select texts from operations where id = \(job.operation) \(.lock(.noKeyUpdate))", as: String?.self)
            var texts: [String: String] = try (known ?? nil).map { try StoredJSON.value($0) } ?? [:]
            texts["\(job.part)"] = text
            change = "texts = \(try StoredJSON.text(texts))"
        }
        try transaction.execute(
            "update operations set parts_done = parts_done + 1, \(change) where id = \(job.operation)")
        try endIfLast(job.operation, in: transaction)
    }

    /// - Parameter failure: nil when it was called off.
    static func failed(_ job: WritingJob, _ failure: StepFailure?, in transaction: borrowing Transaction) throws {
        guard try close(job, as: "failed", in: transaction) else { return }
        let (code, message) = (failure?.code ?? "operation.cancelled", failure?.message ?? "It was called off.")
        try transaction.execute(
            """
            update operations
               set parts_failed = parts_failed + 1, error_code = \(code), error = \(message), error_hint = \(failure?.hint)
             where id = \(job.operation)
            """)
        try endIfLast(job.operation, in: transaction)
    }

    private static func close(
        _ job: WritingJob, as state: String, in transaction: borrowing Transaction
    ) throws -> Bool {
        try transaction.execute(
            """
            update operation_jobs set state = \(state)
             where operation_id = \(job.operation) and part = \(job.part) and state = 'active'
            """) == 1
    }

    /// The end of the last part is the operation's: with one text it is done, and its quota is spent.
    private static func endIfLast(_ id: OperationID, in transaction: borrowing Transaction) throws {
        let now = try transaction.instant()
        let ended = try transaction.execute(
            """
            update operations
               set status = case when parts_done > 0 then 'DONE'
                                 when error_code = 'operation.cancelled' then 'CANCELLED' else 'FAILED' end,
                   is_active = 0, finished_at = \(timestamp: now.stored), updated_at = \(timestamp: now.stored)
             where id = \(id) and is_active = 1 and parts_done + parts_failed = parts
            """)
        guard ended == 1, let quota = try Quota.of(id, in: transaction), quota.state == "reserved" else { return }
        if quota.isDone {
            try Quotas.spend(quota.kind, of: quota.persona, day: quota.day, in: transaction)
        } else {
            try Quotas.release(quota.kind, of: quota.persona, day: quota.day, in: transaction)
        }
        try transaction.execute(
            "update operations set quota_state = \(quota.isDone ? "spent" : "released") where id = \(id)")
    }

    /// What an operation has reserved.
    private struct Quota: RowDecodable {
        let kind: QuotaKind
        let persona: PersonaID
        let day: String
        let state: String
        let isDone: Bool

        init(_ row: borrowing Row) throws {
            kind = try row[0]
            persona = try row[1]
            day = try row[2]
            state = try row[3]
            isDone = try row[4]
        }

        static func of(_ id: OperationID, in transaction: borrowing Transaction) throws -> Quota? {
            try transaction.one(
                """
                select quota_kind, persona_id, quota_day, quota_state, status = 'DONE' from operations
                 where id = \(id) and quota_kind is not null
                """)
        }
    }
}
