import Database

/// The windows that all replicas share: a row for each key, its log of permits, on the database's clock.
struct SharedWindows: Sendable {
    static let sweepPauseMilliseconds: Int64 = 60_000
    let database: any Database

    /// Takes permits for many keys in one transaction, in two trips on PostgreSQL.
    ///
    /// Rows are made and locked by one statement in the order of their keys, so that replicas never lock each other out, and
    /// nobody else decides on a key between its being read and written.
    /// - Parameter wishes: each key once.
    /// - Returns: a grant for each of them.
    func take(_ wishes: [Wish]) async throws -> [LimitKey: Grant] {
        try await database.transaction { transaction in
            let now = Int64(try transaction.now())
            var logs = try lock(wishes, now: now, in: transaction)
            var grants: [LimitKey: Grant] = [:]
            var changed: [[SQLValue]] = []
            for wish in wishes {
                let policy = wish.key.policy
                var log = WindowLog(
                    text: logs.removeValue(forKey: wish.key.id) ?? "", window: policy.windowMilliseconds)
                let grant = log.grant(wish.count, limit: policy.permits, at: now)
                grants[wish.key] = grant
                if grant.granted > 0 { changed.append(.row(wish.key.id, log.text)) }
            }
            if !changed.isEmpty { try store(changed, in: transaction) }
            return grants
        }
    }

    private func lock(_ wishes: [Wish], now: Int64, in transaction: borrowing Transaction) throws -> [String: String] {
        var logs: [String: String] = [:]
        try transaction.forEach(
            """
            insert into rate_limits (id, log, kept_until)
            select v.column1, '', v.column2
              from \(table: wishes.map { .row($0.key.id, Self.keptUntil($0.key.policy, now: now)) })
             where true
             order by v.column1
                on conflict (id) do update set kept_until = excluded.kept_until
            returning id, log
            """
        ) { logs[try $0[0]] = try $0[1] as String }
        return logs
    }

    private func store(_ logs: [[SQLValue]], in transaction: borrowing Transaction) throws {
        try transaction.executeLater(
            "update rate_limits set log = v.column2 from \(table: logs) where rate_limits.id = v.column1")
    }

    /// In whole minutes, so that a row's place in the index changes once a minute and not with every batch.
    private static func keptUntil(_ policy: LimitPolicy, now: Int64) -> Int64 {
        (now + policy.windowMilliseconds) / 60_000 + 1
    }

    /// Removes windows that have passed, a thousand at most.
    func sweep() async throws {
        try await database.transaction { transaction in
            let minute = Int64(try transaction.now()) / 60_000
            try transaction.execute(
                """
                delete from rate_limits
                 where id in (
                    select id from rate_limits
                     where kept_until < \(minute) order by kept_until limit 1000 \(.lock(.updateSkipLocked)))
                """)
        }
    }
}
