import ProductKit
import Providers

/// What the language model is asked about a battle.
enum BattlePrompts {
    static func turns(_ numbers: ClosedRange<Int>, _ subject: BattleSubject, _ call: CallTerms) -> Prompt {
        let battle = subject.battle
        var data = DataLines()
        data.add("Topic", battle.topic)
        data.add("Room", battle.roomName)
        data.add("Rule", subject.template.promptRules)
        data.add("Side pro style", battle.proStyle)
        data.describe(subject.one, as: "Side pro")
        data.add("Side con style", battle.conStyle)
        if let other = subject.other {
            data.describe(other, as: "Side con")
        } else {
            data.add("Side con", "\(Battle.communityName): what most people in this room would answer")
        }
        data.add("Language", subject.one.language)
        data.add("Words of a turn at most", String(battle.wordLimit))
        data.add("Turns to write", numbers.map(String.init).joined(separator: ", "))
        for turn in subject.turns { data.add("Turn \(turn.turn) (\(turn.side.rawValue))", turn.content) }
        return Prompt(
            model: call.model, system: Prompts.instructions,
            user: """
                Write the turns of a debate that the data name by number, in order. Odd turns speak for the topic in the \
                voice of Side pro, even ones against it in the voice of Side con. Each makes one claim, supports it with \
                something concrete and answers the turn before it; none repeats another. The rules hold for both sides.
                \(data.text)
                """,
            schema: schema(numbers), outputTokensMax: numbers.count * battle.wordLimit * 2 + 200, temperature: 0.8,
            marker: call.marker)
    }

    static func verdict(_ subject: BattleSubject, _ call: CallTerms) -> Prompt {
        var data = DataLines()
        data.add("Topic", subject.battle.topic)
        data.add("Rule", subject.template.promptRules)
        data.add("Side a", subject.battle.nameA)
        data.add("Side b", subject.battle.nameB)
        for turn in subject.turns { data.add("Turn \(turn.turn) of \(turn.side == .pro ? "a" : "b")", turn.content) }
        return Prompt(
            model: call.model, system: Prompts.instructions,
            user: """
                Judge the debate by the quality of its arguments: support, answers to the other side, consistency. Say in \
                at most \(VerdictCheck.wordsMax) words who was stronger and why, and give three takeaways for somebody who \
                has not read it, one sentence each.
                \(data.text)
                """,
            schema: .object(
                name: "arena_verdict",
                [
                    "winner": .choice(Verdict.Winner.allCases.map(\.rawValue)),
                    "verdict": .string(length: 1...700),
                    "takeaways": .array(of: .string(length: 1...200), count: 3...3),
                ]), outputTokensMax: 500, temperature: 0.3, marker: call.marker)
    }

    private static func schema(_ numbers: ClosedRange<Int>) -> JSONSchema {
        .object(
            name: "arena_turns",
            [
                "turns": .array(
                    of: .object([
                        "turn": .integer("Its number.", in: 1...20), "content": .string(length: 1...5_000),
                    ]), count: numbers.count...numbers.count)
            ])
    }
}

/// The answer to a prompt for turns.
struct WrittenTurns: Codable, Sendable {
    var turns: [Turn]
    struct Turn: Codable, Sendable {
        var turn: Int
        var content: String
    }
}

/// The answer to a prompt for a verdict.
struct WrittenVerdict: Codable, Sendable {
    var winner: Verdict.Winner
    var verdict: String
    var takeaways: [String]

    func verdict(by judge: Verdict.Judge) -> Verdict {
        Verdict(
            winner: winner, verdict: TextRules.oneLine(verdict, max: 700),
            takeaways: takeaways.map { TextRules.oneLine($0, max: 200) }, by: judge)
    }
}
