import Database
import ProductKit

/// What people do, counted.
package struct Events: Sendable {
    let arena: Arena

    /// Stores what a page reports. A duplicate is dropped, and is answered like a first.
    package func report(_ event: ReportedEvent, by actor: Participant) async throws {
        _ = try await arena.write { transaction, _ in
            try Self.store(event.name, event.metadata, by: actor, arena.supplies, in: transaction)
        }
    }

    /// Counts a look at a public battle: once per visitor and half an hour.
    package func viewed(battle: PostID, by actor: Participant) async throws {
        _ = try await arena.write { transaction, _ in
            try Self.store(
                .publicBattleViewed, ["battle_id": battle.rawValue], by: actor, arena.supplies, in: transaction)
        }
    }

    /// - Returns: whether it is the first of its kind.
    @discardableResult
    static func store(
        _ name: EventName, _ metadata: [String: String], by actor: Participant, _ supplies: Supplies,
        in transaction: borrowing Transaction
    ) throws -> Bool {
        let now = try transaction.instant()
        let battle = (metadata["source_battle_id"] ?? metadata["battle_id"]).flatMap { PostID($0) }
        let target =
            battle?.rawValue ?? metadata["slug"] ?? metadata["notification_id"] ?? metadata["item_id"]
            ?? metadata["template_id"] ?? metadata["period"]
        let key = actor.key(supplies.settings.tokenSecret)
        let dedupe = name.dedupeKey(
            actor: key, about: target, day: QuotaDay(at: now, zone: actor.timeZone).name,
            halfHour: now.milliseconds / 1_800_000)
        let id: EventID = supplies.ids.next(at: now)
        let stored = try transaction.execute(
            """
            insert into events (id, user_id, actor, event_name, metadata, battle_id, dedupe_key, created_at)
            values (\(id), \(actor.userID), \(key), \(name), \(try StoredJSON.text(metadata)), \(battle), \(dedupe),
                    \(timestamp: now.stored))
            on conflict (dedupe_key) do nothing
            """)
        guard stored == 1 else { return false }
        if let battle, name == .battleShared || name == .publicBattleViewed {
            try Hotness.refresh(battle, at: now, in: transaction)
        }
        return true
    }
}

/// Events that the server records when the thing itself happens.
enum ServerEvents {
    static func record(
        _ name: EventName, by user: UserID, about metadata: [String: String], _ supplies: Supplies,
        in transaction: borrowing Transaction
    ) throws {
        precondition(name.isServerOnly, "\(name.rawValue) is reported from outside")
        try Events.store(name, metadata, by: .user(user, timeZone: "UTC"), supplies, in: transaction)
    }
}
