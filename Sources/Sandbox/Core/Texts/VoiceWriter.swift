/// Short texts in a persona's voice: posts, replies, turns of a battle, verdicts, summaries.
///
/// They are put together of sentences about whatever the prompt names, and leave out those with a phrase that the persona
/// never says, and those that the prompt shows already.
struct VoiceWriter {
    let lines: VoiceLines
    private var chance: Chance
    /// What this answer says already.
    private var written: [String] = []

    /// Stands at the end of every text, so that nobody takes it for a person's or a real model's.
    static let mark = "(sandbox)"

    init(lines: VoiceLines, seed: UInt64) {
        self.lines = lines
        chance = Chance(seed: seed, about: "voice")
    }

    /// The answer to a schema of this name; nil for names that are none of these.
    static func answer(to name: String, messages: [ChatRequest.Message], seed: UInt64) -> JSONValue? {
        var writer = VoiceWriter(lines: VoiceLines(reading: messages), seed: seed)
        return switch name {
        case "arena_post", "arena_preview": writer.post()
        case "arena_reply": writer.reply()
        case "arena_turns": writer.turns()
        case "arena_verdict": writer.verdict()
        case "arena_summary": writer.summary()
        default: nil
        }
    }

    private mutating func post() -> JSONValue {
        let subject = lines["wish"] ?? lines["room"] ?? "this room"
        let about = VoiceLines.tellingWords(of: subject, 1).first ?? "this"
        let text = [
            sentence(VoicePhrases.openings, about), sentence(VoicePhrases.middles, about),
            sentence(VoicePhrases.questions, about),
        ].joined(separator: " ")
        return texted(text, max: 480)
    }

    private mutating func reply() -> JSONValue {
        let post = lines.all(beginning: "post (").first ?? "this"
        let about = VoiceLines.tellingWords(of: post, 1).first ?? "this"
        let catchphrase = lines["persona catchphrase"].map { chance.index(below: 5) == 0 ? "\($0). " : "" } ?? ""
        // Two thousand in all: of fewer a persona with twenty replies would soon be found to repeat itself.
        let text = [
            sentence(VoicePhrases.answers, about), sentence(VoicePhrases.middles, about),
            sentence(VoicePhrases.evidence + VoicePhrases.questions, about),
        ].joined(separator: " ")
        return texted(catchphrase + text, max: 260)
    }

    private mutating func turns() -> JSONValue {
        let numbers = (lines["turns to write"] ?? "").split(separator: ",").compactMap {
            Int($0.filter(\.isNumber))
        }
        let words = VoiceLines.tellingWords(of: lines["topic"] ?? "", 3)
        let turns = numbers.map { number -> JSONValue in
            let about = words.isEmpty ? "it" : words[number % words.count]
            let stance = number.isMultiple(of: 2) ? VoicePhrases.against : VoicePhrases.inFavour
            let text = [
                sentence(stance, about), sentence(VoicePhrases.evidence, about), sentence(VoicePhrases.middles, about),
            ].joined(separator: " ")
            return ["turn": .int(number), "content": .string("\(text) \(Self.mark)")]
        }
        return ["turns": .array(turns)]
    }

    private mutating func verdict() -> JSONValue {
        let winner = chance.pick(["a", "b", "tie"])
        let (a, b) = (lines["side a"] ?? "Side a", lines["side b"] ?? "Side b")
        let finding =
            switch winner {
            case "a": "\(a) stayed closer to what can be checked, and \(b) left two of the points unanswered."
            case "b": "\(b) answered what was said, while \(a) began anew in every turn."
            default: "\(a) and \(b) each answered the other, and neither was shaken."
            }
        let turns = lines.all(beginning: "turn ").prefix(3).map { turn in
            JSONValue.string(Clip.words(String(turn.prefix { $0 != "." }), max: 150) + ".")
        }
        let filler = JSONValue.string("The rest is a matter of taste.")
        return [
            "winner": .string(winner), "verdict": .string("\(finding) \(Self.mark)"),
            "takeaways": .array(turns + Array(repeating: filler, count: 3 - turns.count)),
        ]
    }

    private mutating func summary() -> JSONValue {
        let post = lines.all(beginning: "post (").first ?? ""
        let replies = lines.all(beginning: "reply by")
        let about = VoiceLines.tellingWords(of: post, 2).joined(separator: " and ")
        let points = replies.prefix(2).map { Clip.words(String($0.prefix { $0 != "." }), max: 90) }
        let count = replies.count == 1 ? "One reply takes" : "\(replies.count) replies take"
        return texted("\(count) up \(about): \(points.joined(separator: "; ")).", max: 380)
    }

    private func texted(_ text: String, max: Int) -> JSONValue {
        let clipped = Clip.words(text, max: max - Self.mark.count - 1)
        return ["text": .string("\(clipped) \(Self.mark)"), "language": .string(lines.language)]
    }

    /// The first by chance that breaks no rule and that the prompt does not show; any when there is none.
    private mutating func sentence(_ templates: [String], _ about: String) -> String {
        let candidates = chance.shuffled(templates).map { Self.filled($0, about) }
        let fresh = candidates.first { isAllowed($0) && !written.contains($0) && !lines.prompt.contains($0) }
        let chosen = fresh ?? candidates.first(where: isAllowed) ?? candidates[0]
        written.append(chosen)
        return chosen
    }

    private func isAllowed(_ sentence: String) -> Bool {
        let lowered = sentence.lowercased()
        return !lines.forbidden.contains { lowered.contains($0) }
    }

    private static func filled(_ template: String, _ about: String) -> String {
        Phrasing.capitalised(template.replacing("{s}", with: about))
    }
}
