import Engine
import ProductKit
import Providers

/// The prompts of a generation, the same when it is planned as when it is performed.
extension BlogGeneration {
    /// - Parameter round: which round of ideas is asked for, counting from 1.
    func ideasPrompt(for brief: Brief, _ done: Done, round: Int, marker: String = "") throws -> Prompt {
        let earlier = try (1..<max(1, round)).flatMap { round in
            try done.result(of: .ideas, round: round, as: Ideas.self)?.ideas ?? []
        }
        return try Prompts.ideas(
            brief, product: product(of: brief, done), earlier: earlier.suffix(2 * Selection.ideaCount),
            hint: hint(forRound: round, done), model: settings.ideasModel, tokensMax: settings.ideasTokensMax,
            marker: marker)
    }

    func articlePrompt(for brief: Brief, _ done: Done, marker: String = "") throws -> Prompt {
        try Prompts.article(
            brief, product: product(of: brief, done), idea: idea(for: brief, done), model: settings.articleModel,
            tokensMax: articleTokens(words: brief.words), marker: marker)
    }

    /// What a provider charges against the quota when it admits the call: the prompt, estimated, and the whole of what
    /// the answer may be. A pool that grants less is answered with refusals.
    func cost(of prompt: Prompt, atLeast usual: Double) -> Double {
        max(usual, Double(prompt.inputTokens + prompt.outputTokensMax + settings.thoughtTokensMax(prompt.model)))
    }

    /// Two to three tokens a word in most languages, and what stands around the text.
    private func articleTokens(words: Int) -> Int { min(settings.articleTokensMax, 600 + 3 * words) }
}
