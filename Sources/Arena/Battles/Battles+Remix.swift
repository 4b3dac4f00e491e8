import Database
import ProductKit

/// What a visitor gets who wants to make a battle their own.
package struct RemixIntent: Sendable, Encodable {
    package let battleID: PostID
    package let room: String
    package let topic: String
    package let proStyle: String
    package let conStyle: String
    package let suggestedTemplates: [Template]
    /// Works once, for half an hour, in this room.
    package let remixToken: String
    package let expiresAt: Timestamp
    package let targetCreateRoute: String

    enum CodingKeys: String, CodingKey {
        case battleID = "battleId"
        case room, topic, proStyle, conStyle, suggestedTemplates, remixToken, expiresAt, targetCreateRoute
    }
}

extension Battles {
    static let remixTokenLife = Duration.seconds(30 * 60)
    private static let suggestionsMax = 4

    /// Anybody may ask; making the battle needs an account.
    ///
    /// - Throws: `battle.not_found`.
    package func remixIntent(_ id: PostID, by actor: Participant) async throws -> RemixIntent {
        let supplies = arena.supplies
        let (battle, templates, now) = try await arena.write { transaction, _ in
            let battle = try Battle.require(id, in: transaction)
            let own = try Template.version(battle.templateVersion, of: battle.templateID, in: transaction)
            let others: [Template] = try transaction.all(
                """
                select \(Template.columns) from \(Template.source)
                 where t.is_public = 1 and t.is_archived = 0 and t.id <> \(battle.templateID)
                 order by t.created_at desc, t.id desc limit \(Self.suggestionsMax - 1)
                """)
            try Events.store(.remixStarted, ["source_battle_id": id.rawValue], by: actor, supplies, in: transaction)
            let usable = own.map { $0.isPublic && !$0.isArchived ? [$0] : [] } ?? []
            return (battle, usable + others, try transaction.instant())
        }
        let token: EventID = supplies.ids.next(at: now)
        let expiresAt = now.adding(Self.remixTokenLife)
        let signed = try await arena.tokens.sign(
            .init(use: .remix, subject: id.rawValue, id: token.rawValue, expiresAt: expiresAt))
        return RemixIntent(
            battleID: id, room: battle.roomSlug, topic: battle.topic, proStyle: battle.proStyle,
            conStyle: battle.conStyle, suggestedTemplates: templates, remixToken: signed, expiresAt: expiresAt,
            targetCreateRoute: "/rooms/\(battle.roomSlug)/battles")
    }

    /// - Throws: `remix.token_invalid`.
    func remixClaims(_ token: String?) async throws -> AccessTokens.Claims? {
        guard let token else { return nil }
        let now = try await arena.read { try $0.instant() }
        do { return try await arena.tokens.verify(token, use: .remix, at: now) } catch is ArenaError {
            throw ArenaError.badRemix
        }
    }

    /// Uses the token up, in the transaction that makes the battle.
    ///
    /// - Throws: `remix.token_invalid`; `remix.token_used`.
    func redeem(
        _ claims: AccessTokens.Claims, for room: Room, at now: Timestamp, in transaction: borrowing Transaction
    ) throws -> Battle {
        guard let id = PostID(claims.subject) else { throw ArenaError.badRemix }
        let source = try Battle.require(id, in: transaction)
        guard source.roomID == room.id else { throw ArenaError.badRemix }
        let first = try transaction.execute(
            """
            insert into remix_tokens (id, battle_id, used_at) values (\(claims.id), \(id), \(timestamp: now.stored))
            on conflict (id) do nothing
            """)
        guard first == 1 else {
            throw ArenaError(
                .remixTokenUsed, "This remix was made already.", hint: "Ask for another remix of the battle.")
        }
        return source
    }
}

extension ArenaError {
    static let badRemix = ArenaError(
        .remixTokenInvalid, "The remix token is not valid here, or no longer.",
        hint: "Ask for another with POST /battles/{id}/remix-intent, and use it within half an hour in the same room.")
}
