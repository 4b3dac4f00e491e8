import Database
import Engine
import ProductKit

/// The engine's job that a battle's run is.
struct JobReference: Sendable, Equatable {
    let id: JobID
}

extension Battle: RowDecodable {
    static let columns: SQL = """
        g.post_id, o.room_id, m.slug, m.name, o.user_id, g.topic, g.persona_a_id, g.persona_b_id,
        case when pa.status = 'deleted' then 'deleted persona' else pa.name end,
        case when pb.status = 'deleted' then 'deleted persona' else pb.name end,
        g.pro_style, g.con_style, g.template_id, g.template_version, v.name, g.turn_target, g.word_limit, g.status, g.run,
        g.verdict, g.winner, g.takeaways, g.verdict_by, g.error_code, g.error, g.source_battle_id, g.root_battle_id,
        g.remix_depth, \(milliseconds: "g.created_at"), \(milliseconds: "g.finished_at"), g.job_id,
        o.language
        """
    static let source: SQL = """
        battles g join posts o on o.id = g.post_id join rooms m on m.id = o.room_id
             join personas pa on pa.id = g.persona_a_id left join personas pb on pb.id = g.persona_b_id
             join template_versions v on v.template_id = g.template_id and v.version = g.template_version
        """

    package init(_ row: borrowing Row) throws {
        id = try row[0]
        roomID = try row[1]
        roomSlug = try row[2]
        roomName = try row[3]
        owner = try row[4]
        topic = try row[5]
        personaA = try row[6]
        personaB = try row[7]
        nameA = try row[8]
        nameB = try row[9] as String? ?? Self.communityName
        proStyle = try row[10]
        conStyle = try row[11]
        templateID = try row[12]
        templateVersion = try row[13]
        templateName = try row[14]
        turnTarget = try row[15]
        wordLimit = try row[16]
        status = try row[17]
        run = try row[18]
        verdict = try Self.verdict(row)
        let (code, message): (String?, String?) = (try row[23], try row[24])
        error = code.map { ModelOperation.Reason(code: $0, message: message ?? "", hint: nil) }
        source = try row[25]
        root = try row[26]
        remixDepth = try row[27]
        createdAt = Timestamp(stored: try row[28])
        finishedAt = (try row[29] as Double?).map(Timestamp.init(stored:))
        language = try row[31]
        job = (try row[30] as JobID?).map(JobReference.init(id:))
    }

    private static func verdict(_ row: borrowing Row) throws -> Verdict? {
        let text: String? = try row[19]
        let winner: Verdict.Winner? = try row[20]
        let takeaways: String? = try row[21]
        let judge: Verdict.Judge? = try row[22]
        guard let text, let winner, let takeaways, let judge else { return nil }
        return Verdict(
            winner: winner, verdict: text, takeaways: try StoredJSON.value(takeaways), by: judge)
    }

    /// A battle that everybody may see.
    ///
    /// - Throws: `battle.not_found`.
    static func require(_ id: PostID, in transaction: borrowing Transaction) throws -> Battle {
        let battle: Battle? = try transaction.one(
            "select \(columns) from \(source) where g.post_id = \(id) and o.status = 'PUBLISHED'")
        guard let battle else { throw ArenaError.noBattle }
        return battle
    }

    /// - Throws: `battle.not_found`, also for somebody else's.
    static func requireOwn(
        _ id: PostID, of owner: UserID, in transaction: borrowing Transaction
    ) throws -> Battle {
        let battle = try require(id, in: transaction)
        guard battle.owner == owner else { throw ArenaError.noBattle }
        return battle
    }

    func turns(in transaction: borrowing Transaction) throws -> [BattleTurn] {
        var turns: [BattleTurn] = []
        try transaction.forEach(
            "select turn_index, side, content from battle_turns where battle_id = \(id) order by turn_index"
        ) { row in
            let side: BattleTurn.Side = try row[1]
            turns.append(
                BattleTurn(
                    turn: try row[0], side: side, personaName: side == .pro ? nameA : nameB, content: try row[2]))
        }
        return turns
    }

    func votes(in transaction: borrowing Transaction) throws -> VoteTally {
        var tally = VoteTally()
        try transaction.forEach(
            "select choice, count(*) from battle_votes where battle_id = \(id) group by choice"
        ) { row in
            let (choice, count): (VoteChoice, Int) = (try row[0], try row[1])
            switch choice {
            case .a: tally.a = count
            case .b: tally.b = count
            case .tie: tally.tie = count
            case .bothBad: tally.bothBad = count
            }
        }
        return tally
    }
}

extension ArenaError {
    static let noBattle = ArenaError(.battleNotFound, "There is no such battle.", hint: "It may have been deleted.")

    static func battleState(_ status: Battle.Status, _ hint: String) -> ArenaError {
        ArenaError(.battleWrongState, "This cannot be done with a battle that is \(status.rawValue).", hint: hint)
    }
}
