import Outbound
import Providers

extension Configuration {
    /// A second account, or another provider, that writes what would wait too long for the first; used when it has a key.
    struct FallbackModel: Sendable {
        let key: Secret?
        let baseURL: OutboundURL
        /// Nil: called as at the first account.
        let ideasModel: String?
        let articleModel: String?
        let requestsPerMinute: Int
        let tokensPerMinute: Int
        /// What would begin later than this at the first account goes over.
        let after: Duration

        init(_ reader: inout SettingReader) {
            let model = SettingForm<String>.word("a model's name such as `gpt-6-luna`")
            key = reader.optional("OPENAI_FALLBACK_API_KEY", .secret("a key without blanks"))
            baseURL = reader.value("OPENAI_FALLBACK_BASE_URL", .webAddress, default: LanguageModel.standardURL)
            ideasModel = reader.optional("OPENAI_FALLBACK_MODEL_IDEAS", model)
            articleModel = reader.optional("OPENAI_FALLBACK_MODEL_ARTICLE", model)
            requestsPerMinute = reader.value("OPENAI_FALLBACK_RPM", .integer(in: 1...10_000_000), default: 450)
            tokensPerMinute = reader.value(
                "OPENAI_FALLBACK_TPM", .integer(in: 1_000...10_000_000_000), default: 450_000)
            after = reader.value(
                "OPENAI_FALLBACK_AFTER", .duration(in: .seconds(1)...(.seconds(86_400))), default: .seconds(120))
            refuseIdleSettings(&reader)
        }

        /// Who describes an account without a key would have none: nobody means that.
        private func refuseIdleSettings(_ reader: inout SettingReader) {
            let name = "OPENAI_FALLBACK_API_KEY"
            let described = [
                ("OPENAI_FALLBACK_BASE_URL", baseURL != LanguageModel.standardURL),
                ("OPENAI_FALLBACK_MODEL_IDEAS", ideasModel != nil),
                ("OPENAI_FALLBACK_MODEL_ARTICLE", articleModel != nil),
            ]
            guard key == nil, !reader.isGiven(name), let idle = described.first(where: \.1)?.0 else { return }
            reader.refuse(
                name, shown: nil,
                "expected a key, because \(idle) is set (any word will do for a server that asks for none)")
        }
    }
}

extension Configuration {
    /// The models that articles are written with, as the first account calls them.
    var models: [String] { [languageModel.ideasModel, languageModel.articleModel] }

    var languageModelEndpoint: OpenAIEndpoint {
        languageModel.endpoint(at: languageModel.baseURL, key: languageModel.key)
    }

    /// Where the second account is; nil where it has no key. What the server can do is taken to be as at the first.
    var fallbackEndpoint: OpenAIEndpoint? {
        guard let key = fallbackModel.key else { return nil }
        var endpoint = languageModel.endpoint(at: fallbackModel.baseURL, key: key)
        endpoint.organization = nil
        endpoint.project = nil
        return endpoint
    }

    /// What the models are called there, by what they are called at the first account.
    var fallbackNames: [String: String] {
        var names: [String: String] = [:]
        if let name = fallbackModel.articleModel { names[languageModel.articleModel] = name }
        if let name = fallbackModel.ideasModel { names[languageModel.ideasModel] = name }
        return names
    }
}
