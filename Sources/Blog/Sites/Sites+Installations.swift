import Database
import Engine
import Foundation
import Publishers

/// Sites that come and go by what Wix says of its app.
extension Sites {
    /// How long an event is remembered, so that its repetitions do nothing.
    static let eventLifeMilliseconds = 7 * 86_400_000.0

    /// Takes in an event, once: a site that has removed the app is paused until it has it again. Events may come in any order
    /// and any number of times; the latest counts.
    ///
    /// - Returns: whether it was news.
    @discardableResult
    package func take(_ event: WixEvent) async throws -> Bool {
        try await engine.transaction { transaction, wakes in
            let now = try transaction.now()
            let isNew = try transaction.execute(
                """
                insert into site_events (digest, received_at) values (\(event.digest), \(Int64(now)))
                on conflict (digest) do nothing
                """)
            guard isNew == 1, let kind = event.kind else { return isNew == 1 }
            let before: String? = try transaction.value(
                "select state from site_installations where instance_id = \(event.instance)")
            let at = Int64(event.at.timeIntervalSince1970 * 1000)
            // The latest event of a site decides; of two of one moment, the one that came later.
            let isLatest = try transaction.execute(
                """
                insert into site_installations (instance_id, state, changed_at)
                values (\(event.instance), \(kind.rawValue), \(at))
                on conflict (instance_id) do update set state = excluded.state, changed_at = excluded.changed_at
                 where site_installations.changed_at <= excluded.changed_at
                """)
            guard isLatest == 1 else { return true }
            let tenant: TenantID? = try transaction.value(
                "select tenant_id from sites where instance_id = \(event.instance) and closed_at is null")
            guard let tenant else { return true }
            switch kind {
            case .removed: try engine.hold(tenant, in: transaction)
            // Whom a person has paused, an installation does not resume.
            case .installed where before == WixEvent.Kind.removed.rawValue:
                try engine.resume(tenant, in: transaction, waking: wakes)
            case .installed: break
            }
            return true
        }
    }

    /// Forgets events that will not be repeated any more.
    static func forgetOldEvents(in engine: Engine) async throws {
        try await engine.database.transaction { transaction in
            let oldest = Int64(try transaction.now() - eventLifeMilliseconds)
            try transaction.execute("delete from site_events where received_at < \(oldest)")
        }
    }
}
