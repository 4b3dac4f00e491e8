import Foundation
import ProductKit
import Providers

/// What turns must be beyond their JSON shape.
struct TurnsCheck {
    let subject: BattleSubject
    let numbers: ClosedRange<Int>

    /// A repaired turn that is this much too long is taken all the same.
    private static let tolerance = 1.5

    func problems(_ answer: WrittenTurns) -> [JSONSchema.Problem] {
        problems(answer, wordsMax: subject.battle.wordLimit)
    }

    /// Length may be somewhat off after a repair; what a persona never says is never said.
    func isUsable(_ answer: WrittenTurns) -> Bool {
        problems(answer, wordsMax: Int(Double(subject.battle.wordLimit) * Self.tolerance)).isEmpty
    }

    private func problems(_ answer: WrittenTurns, wordsMax: Int) -> [JSONSchema.Problem] {
        guard answer.turns.map(\.turn).sorted() == Array(numbers) else {
            let wanted = numbers.map(String.init).joined(separator: ", ")
            return [.init(path: "turns", complaint: "must be the turns \(wanted), each once")]
        }
        var earlier = subject.turns.map(\.content)
        var problems: [JSONSchema.Problem] = []
        for turn in answer.turns.sorted(by: { $0.turn < $1.turn }) {
            let path = "turns[\(turn.turn - numbers.lowerBound)].content"
            let words = Similarity.words(turn.content).count
            if words > wordsMax {
                problems.append(.init(path: path, complaint: "has \(words) words; at most \(wordsMax) are allowed"))
            }
            if let persona = subject.persona(of: BattleTurn.Side(turn: turn.turn)) {
                let check = VoiceCheck(persona: persona, earlier: earlier, lengthMax: 5_000)
                problems += check.problems(WrittenText(text: turn.content, language: persona.language))
                    .filter { $0.path == "text" }.map { .init(path: path, complaint: $0.complaint) }
            }
            earlier.append(turn.content)
        }
        return problems
    }
}

enum VerdictCheck {
    static let wordsMax = 80

    static func problems(_ answer: WrittenVerdict) -> [JSONSchema.Problem] {
        let words = Similarity.words(answer.verdict).count
        guard words > wordsMax else { return [] }
        return [.init(path: "verdict", complaint: "has \(words) words; at most \(wordsMax) are allowed")]
    }
}

/// Counts, where no judge could be asked: who has brought more distinct words, and more figures, into the debate.
enum HeuristicVerdict {
    /// Sides closer than this are even.
    private static let margin = 1.05

    static func make(_ battle: Battle, _ turns: [BattleTurn]) -> Verdict {
        let (a, b) = (score(turns, .pro), score(turns, .con))
        let winner: Verdict.Winner = a > b * margin ? .a : b > a * margin ? .b : .tie
        let finding =
            switch winner {
            case .a: "\(battle.nameA) brought more distinct points than \(battle.nameB)."
            case .b: "\(battle.nameB) brought more distinct points than \(battle.nameA)."
            case .tie: "\(battle.nameA) and \(battle.nameB) brought about as many distinct points."
            }
        return Verdict(
            winner: winner, verdict: "No judge was available; this was counted, not judged. \(finding)",
            takeaways: takeaways(turns, about: battle.topic), by: .heuristic)
    }

    private static func score(_ turns: [BattleTurn], _ side: BattleTurn.Side) -> Double {
        let words = turns.filter { $0.side == side }.flatMap { Similarity.words($0.content) }
        let figures = words.count { $0.contains(where: \.isNumber) }
        return Double(Set(words).count + 3 * figures)
    }

    /// The beginnings of the first turns.
    private static func takeaways(_ turns: [BattleTurn], about topic: String) -> [String] {
        let openings = turns.prefix(3).map { turn in
            let sentence = turn.content.prefix { !".!?\n".contains($0) }
            return "\(turn.personaName): \(TextRules.oneLine(String(sentence), max: 150))."
        }
        return openings + (openings.count..<3).map { _ in "The topic was: \(TextRules.oneLine(topic, max: 150))." }
    }
}
