import Outbound

extension Prompt {
    /// About how many tokens the messages cost, without a tokenizer; good to some 15 % for prose.
    ///
    /// Learned ratios of the engine's pool correct it; this is the first guess.
    package var inputTokensEstimate: Int {
        let text = messages.reduce(0) { $0 + Self.tokens(in: $1.text) + 4 }
        let shape = schema.map { $0.jsonText.text.utf8.count / 3 } ?? 0
        return text + shape + 3
    }

    /// What the provider charges against its quota when it admits the call: the greater of both, not their sum.
    package var admissionTokens: Int { max(outputTokensMax, inputTokensEstimate) }

    /// Latin 4 characters a token, other alphabets about 2.25, Chinese, Japanese and Korean 1.
    package static func tokens(in text: String) -> Int {
        var quarters = 0.0
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case ..<0x0250: quarters += 1
            case 0x0250..<0x2000: quarters += 16.0 / 9
            case 0x2000..<0x2E80: quarters += 2
            default: quarters += 4
            }
        }
        return Int((quarters / 4).rounded(.up))
    }
}
