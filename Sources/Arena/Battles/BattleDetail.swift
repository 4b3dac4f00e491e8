import Database

/// A battle with all that belongs to it, as everybody may see it.
package struct BattleDetail: Sendable, Encodable {
    package let battle: Battle
    package let turns: [BattleTurn]
    package let votes: VoteTally

    init(_ id: PostID, in transaction: borrowing Transaction) throws {
        battle = try Battle.require(id, in: transaction)
        turns = try battle.turns(in: transaction)
        votes = try battle.votes(in: transaction)
    }

    private enum Key: String, CodingKey {
        case battleId, roomId, room, topic, status, label, sides, template, turns, verdict, votes, error
        case remixedFrom, rootBattleId, remixDepth, createdAt, finishedAt, shareUrl, cardUrl
    }

    private struct Side: Encodable {
        let name: String
        let personaId: PersonaID?
        let style: String
    }

    private struct Rules: Encodable {
        let id: TemplateID
        let version: Int
        let name: String
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: Key.self)
        try members.encode(battle.id, forKey: .battleId)
        try members.encode(battle.roomID, forKey: .roomId)
        try members.encode(battle.roomSlug, forKey: .room)
        try members.encode(battle.topic, forKey: .topic)
        try members.encode(battle.status, forKey: .status)
        try members.encode(Authorship.ai.label, forKey: .label)
        try members.encode(
            [
                "a": Side(name: battle.nameA, personaId: battle.personaA, style: battle.proStyle),
                "b": Side(name: battle.nameB, personaId: battle.personaB, style: battle.conStyle),
            ], forKey: .sides)
        try members.encode(
            Rules(id: battle.templateID, version: battle.templateVersion, name: battle.templateName), forKey: .template)
        try members.encode(turns, forKey: .turns)
        try members.encodeIfPresent(battle.verdict, forKey: .verdict)
        try members.encode(votes, forKey: .votes)
        try members.encodeIfPresent(battle.error, forKey: .error)
        try members.encodeIfPresent(battle.source, forKey: .remixedFrom)
        try members.encodeIfPresent(battle.root, forKey: .rootBattleId)
        try members.encode(battle.remixDepth, forKey: .remixDepth)
        try members.encode(battle.createdAt, forKey: .createdAt)
        try members.encodeIfPresent(battle.finishedAt, forKey: .finishedAt)
        try members.encode("/b/\(battle.id)", forKey: .shareUrl)
        try members.encode("/b/\(battle.id)/card.png", forKey: .cardUrl)
    }
}
