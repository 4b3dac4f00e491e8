import Outbound

extension Configuration {
    /// The language model: any OpenAI-compatible endpoint.
    struct LanguageModel: Sendable {
        let key: Secret?
        let baseURL: OutboundURL
        /// Further attempts of one call, inside the step's one deadline.
        let retriesMax: Int
        let requestTimeout: Duration
        let ideasModel: String
        let articleModel: String
        /// What the account allows a minute; one limit for the whole cluster.
        let requestsPerMinute: Int
        let tokensPerMinute: Int

        private static let standardURL = OutboundURL(known: "https://api.openai.com/v1")

        init(_ reader: inout SettingReader) {
            let model = SettingForm<String>.word("a model's name such as `gpt-6-luna`")
            key = reader.optional("OPENAI_API_KEY", .secret("a key without blanks"))
            baseURL = reader.value("OPENAI_BASE_URL", .webAddress, default: Self.standardURL)
            retriesMax = reader.value("OPENAI_MAX_RETRIES", .integer(in: 0...10), default: 2)
            requestTimeout = reader.value(
                "OPENAI_REQUEST_TIMEOUT", .duration(in: .milliseconds(100)...(.seconds(600))), default: .seconds(20))
            ideasModel = reader.value("OPENAI_MODEL_IDEAS", model, default: "gpt-6-luna")
            articleModel = reader.value("OPENAI_MODEL_ARTICLE", model, default: "gpt-6.1-sol")
            requestsPerMinute = reader.value("OPENAI_RPM", .integer(in: 1...10_000_000), default: 450)
            tokensPerMinute = reader.value("OPENAI_TPM", .integer(in: 1_000...10_000_000_000), default: 450_000)
        }

        /// Whether calls go somewhere else than to the provider itself.
        var isElsewhere: Bool { baseURL != Self.standardURL }
    }
}
