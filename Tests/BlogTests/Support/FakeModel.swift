import Foundation
import Providers
import Synchronization

/// A language model whose answers a test decides; by default good ones.
final class FakeModel: LanguageModel {
    typealias Answer = @Sendable (_ prompt: Prompt, _ number: Int) throws -> String

    private let state: Mutex<(prompts: [Prompt], answer: Answer, limits: RateLimitReport)>

    init(_ answer: @escaping Answer = { prompt, _ in Sample.answer(to: prompt) }) {
        state = Mutex(([], answer, RateLimitReport()))
    }

    /// What it says of its limits beside its answers, from now on.
    func tell(_ limits: RateLimitReport) { state.withLock { $0.limits = limits } }

    var prompts: [Prompt] { state.withLock { $0.prompts } }
    func prompts(named name: String) -> [Prompt] { prompts.filter { $0.schema?.name == name } }

    /// From now on.
    func answer(_ answer: @escaping Answer) { state.withLock { $0.answer = answer } }

    func complete(_ prompt: Prompt, deadline: Duration) async throws -> Completion {
        let (answer, number, limits) = state.withLock { state in
            state.prompts.append(prompt)
            return (
                state.answer, state.prompts.count { $0.schema?.name == prompt.schema?.name }, state.limits
            )
        }
        return Completion(
            content: try answer(prompt, number), usage: TokenUse(inputTokens: 500, outputTokens: 1_000),
            model: "\(prompt.model)-2026-11-01", rateLimits: limits)
    }
}

/// What a good model answers.
enum Sample {
    static func answer(to prompt: Prompt) -> String {
        prompt.schema?.name == "ideas" ? ideas() : article(words: words(of: prompt))
    }

    static func ideas(_ name: String = "Idea", count: Int = 5) -> String {
        let ideas = (0..<count).map { number in
            """
            {"title": "\(name) \(number)", "why": "It answers a question.", "audience": "beginners", "format": "how-to",
             "keywords": ["one", "two"]}
            """
        }
        return "{\"ideas\": [\(ideas.joined(separator: ","))]}"
    }

    static func article(words: Int = 900, headings: Int = 3, title: String = "Bread that Rises") -> String {
        let share = words / max(1, headings)
        let section = Array(repeating: "word", count: share).joined(separator: " ")
        let body = (0..<max(1, headings)).map { number in (headings == 0 ? "" : "## Part \(number)\\n\\n") + section }
        return """
            {"title": "\(title)", "slug": "bread-that-rises", "excerpt": "In short.",
             "body": "\(body.joined(separator: "\\n\\n"))", "metaDescription": "About bread.", "tags": ["bread"],
             "imagePrompt": "A loaf on a table", "altText": "A loaf"}
            """
    }

    static func words(of prompt: Prompt) -> Int {
        let line = prompt.messages.map(\.text).joined(separator: "\n").split(separator: "\n").first {
            $0.hasPrefix("Words: ")
        }
        return line.flatMap { Int($0.dropFirst(7)) } ?? 900
    }
}
