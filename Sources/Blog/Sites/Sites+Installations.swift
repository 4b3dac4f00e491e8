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
            let before: Installation? = try transaction.one(
                "select state, was_paused from site_installations where instance_id = \(event.instance)")
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
            let site: Standing? = try transaction.one(
                """
                select s.tenant_id, t.held from sites s join tenants t on t.id = s.tenant_id
                 where s.instance_id = \(event.instance) and s.closed_at is null
                """)
            guard let site else { return true }
            let wasRemoved = before?.state == WixEvent.Kind.removed.rawValue
            switch kind {
            case .removed:
                if !wasRemoved { try Self.remember(wasPaused: site.isPaused, event.instance, in: transaction) }
                try engine.hold(site.tenant, in: transaction)
            // Whom a person has paused, an installation does not resume.
            case .installed where wasRemoved && before?.wasPaused == false:
                try engine.resume(site.tenant, in: transaction, waking: wakes)
            case .installed: break
            }
            return true
        }
    }

    /// That a site is paused for another reason than its app's absence, which an installation must not undo.
    static func remember(
        wasPaused: Bool, _ instance: String, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            update site_installations set was_paused = \(wasPaused ? 1 : 0) where instance_id = \(instance)
            """)
    }

    /// Forgets events that will not be repeated any more.
    static func forgetOldEvents(in engine: Engine) async throws {
        try await engine.database.transaction { transaction in
            let oldest = Int64(try transaction.now() - eventLifeMilliseconds)
            try transaction.execute("delete from site_events where received_at < \(oldest)")
        }
    }
}

/// What Wix said last of its app on a site.
private struct Installation: RowDecodable {
    let state: String
    let wasPaused: Bool
    init(_ row: borrowing Row) throws {
        state = try row[0]
        wasPaused = try row[1] as Int == 1
    }
}

/// A registered site, and whether its work stands still.
private struct Standing: RowDecodable {
    let tenant: TenantID
    let isPaused: Bool
    init(_ row: borrowing Row) throws {
        tenant = try row[0]
        isPaused = try row[1] as Int == 1
    }
}
