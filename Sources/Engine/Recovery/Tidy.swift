import Database

extension Engine {
    /// How long an idempotency key answers.
    static let keyLife = Duration.seconds(7 * 86_400)
    /// How long a worker that has stopped, or fallen silent, is remembered.
    static let workerLife = Duration.seconds(86_400)

    /// Removes what nobody asks for any more, at most `limit` rows of each kind. Safe to call at once from many
    /// processes.
    /// - Returns: how many rows went.
    @discardableResult
    func tidy(limit: Int = 1000) async throws -> Int {
        try await database.transaction { transaction in
            let now = try transaction.now()
            let keys = try transaction.execute(
                """
                delete from idempotency_keys
                 where (tenant_id, name) in (
                    select tenant_id, name from idempotency_keys
                     where created_at < \(Int64(now - Self.keyLife.milliseconds))
                     order by created_at limit \(limit) \(.lock(.updateSkipLocked)))
                """)
            // One whose steps are still to be taken back stays: only its row says that it is gone.
            let workers = try transaction.execute(
                """
                delete from workers
                 where heartbeat < \(Int64(now - Self.workerLife.milliseconds))
                   and not exists (select 1 from jobs where jobs.state = 1 and jobs.worker = workers.id)
                """)
            return keys + workers
        }
    }
}
