/// Tokens that a call has cost.
package struct TokenUse: Sendable, Hashable, Codable {
    package var inputTokens: Int
    package var outputTokens: Int
    /// The part of `outputTokens` that was thought and not written, where the provider says so.
    package var reasoningTokens: Int
    /// The part of `inputTokens` that was cheaper because the provider had seen it before.
    package var cachedTokens: Int

    /// What a call may have cost; a provider that tells more is not believed.
    package static let bounds = 0...1_000_000_000

    package init(inputTokens: Int, outputTokens: Int, reasoningTokens: Int = 0, cachedTokens: Int = 0) {
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.reasoningTokens = reasoningTokens
        self.cachedTokens = cachedTokens
    }

    package var totalTokens: Int { inputTokens + outputTokens }

    package static func + (left: TokenUse, right: TokenUse) -> TokenUse {
        TokenUse(
            inputTokens: left.inputTokens + right.inputTokens, outputTokens: left.outputTokens + right.outputTokens,
            reasoningTokens: left.reasoningTokens + right.reasoningTokens,
            cachedTokens: left.cachedTokens + right.cachedTokens)
    }
}
