import Foundation
import Providers
import Synchronization

/// A language model whose answers a test decides; by default good ones, no two alike.
final class FakeModel: LanguageModel {
    typealias Answer = @Sendable (_ prompt: Prompt, _ number: Int) async throws -> String

    private let state: Mutex<(prompts: [Prompt], answer: Answer)>

    init() {
        state = Mutex(([], { prompt, number in Sample.answer(to: prompt, number) }))
    }

    var prompts: [Prompt] { state.withLock { $0.prompts } }
    func prompts(named name: String) -> [Prompt] { prompts.filter { $0.schema?.name == name } }

    /// From now on.
    func answer(_ answer: @escaping Answer) { state.withLock { $0.answer = answer } }

    func complete(_ prompt: Prompt, deadline: Duration) async throws -> Completion {
        let (answer, number) = state.withLock { state in
            state.prompts.append(prompt)
            return (state.answer, state.prompts.count)
        }
        return Completion(
            content: try await answer(prompt, number), usage: TokenUse(inputTokens: 300, outputTokens: 100),
            model: "\(prompt.model)-2026-11-01")
    }
}

/// What a good model answers.
enum Sample {
    static func answer(to prompt: Prompt, _ number: Int) -> String {
        switch prompt.schema?.name {
        case "arena_turns": turns(of: prompt, number)
        case "arena_verdict":
            #"{"winner": "a", "verdict": "The first side stayed concrete.", "takeaways": ["One", "Two", "Three"]}"#
        case "arena_summary", "arena_digest": #"{"text": "In short, number \#(number).", "language": "en"}"#
        default: text("Thought \(number): \(words(number)) What do you think?", language: prompt.language)
        }
    }

    static func text(_ text: String, language: String = "en") -> String {
        #"{"text": "\#(text)", "language": "\#(language)"}"#
    }

    private static func turns(of prompt: Prompt, _ number: Int) -> String {
        let numbers = prompt.value(of: "Turns to write")?.split(separator: ",").compactMap {
            Int($0.trimmingCharacters(in: .whitespaces))
        }
        let turns = (numbers ?? []).map {
            #"{"turn": \#($0), "content": "Turn \#($0) says \#(words(number * 100 + $0))"}"#
        }
        return #"{"turns": [\#(turns.joined(separator: ", "))]}"#
    }

    /// Words that differ from number to number, so that nothing is taken for a repetition.
    private static func words(_ number: Int) -> String {
        (0..<6).map { "w\((number * 7 + $0 * 13) % 97)x\(number)" }.joined(separator: " ") + "."
    }
}

extension Prompt {
    var text: String { messages.map(\.text).joined(separator: "\n") }
    var language: String { value(of: "Language") ?? "en" }

    /// The value of the last line `Name: value`.
    func value(of name: String) -> String? {
        text.split(separator: "\n").last { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
    }
}
