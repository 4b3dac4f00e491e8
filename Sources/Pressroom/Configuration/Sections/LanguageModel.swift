import Outbound
import Providers

extension Configuration {
    /// The language model: any OpenAI-compatible endpoint.
    struct LanguageModel: Sendable {
        enum Switch: String, CaseIterable, Sendable { case on, off }

        let key: Secret?
        let baseURL: OutboundURL
        /// Which protocol the server is spoken to in, and what it can do.
        let api: OpenAIEndpoint.API
        let structure: OpenAIEndpoint.Structure
        let tokensField: OpenAIEndpoint.TokensField
        let systemRole: OpenAIEndpoint.SystemRole
        let effort: OpenAIEndpoint.Effort
        /// Whether the server takes a temperature; models that reason are sent none in any case.
        let temperature: Switch
        let organization: String?
        let project: String?
        /// Further attempts of one call, inside the step's one deadline.
        let retriesMax: Int
        let requestTimeout: Duration
        let ideasModel: String
        let articleModel: String
        /// What the account allows a minute; one limit for the whole cluster.
        let requestsPerMinute: Int
        let tokensPerMinute: Int

        static let standardURL = OutboundURL(known: "https://api.openai.com/v1")

        init(_ reader: inout SettingReader) {
            let model = SettingForm<String>.word("a model's name such as `gpt-6-luna`")
            key = reader.optional("OPENAI_API_KEY", .secret("a key without blanks"))
            baseURL = reader.value("OPENAI_BASE_URL", .webAddress, default: Self.standardURL)
            api = reader.value("OPENAI_PROTOCOL", .choice, default: .chat)
            structure = reader.value("OPENAI_STRUCTURE", .choice, default: .jsonSchema)
            tokensField = reader.value("OPENAI_TOKENS_FIELD", .choice, default: .maxCompletionTokens)
            systemRole = reader.value("OPENAI_SYSTEM_ROLE", .choice, default: .system)
            temperature = reader.value("OPENAI_TEMPERATURE", .choice, default: .on)
            effort = reader.value("OPENAI_REASONING_EFFORT", .choice, default: .low)
            organization = reader.optional("OPENAI_ORGANIZATION", .word("an organization's id"))
            project = reader.optional("OPENAI_PROJECT", .word("a project's id"))
            retriesMax = reader.value("OPENAI_MAX_RETRIES", .integer(in: 0...10), default: 2)
            requestTimeout = reader.value(
                "OPENAI_REQUEST_TIMEOUT", .duration(in: .milliseconds(100)...(.seconds(600))), default: .seconds(20))
            ideasModel = reader.value("OPENAI_MODEL_IDEAS", model, default: "gpt-6-luna")
            articleModel = reader.value("OPENAI_MODEL_ARTICLE", model, default: "gpt-6.1-sol")
            requestsPerMinute = reader.value("OPENAI_RPM", .integer(in: 1...10_000_000), default: 450)
            tokensPerMinute = reader.value("OPENAI_TPM", .integer(in: 1_000...10_000_000_000), default: 450_000)
        }

        /// The server as the client sees it.
        ///
        /// - Parameters:
        ///   - base: where it is; the sandbox's address where that stands in.
        func endpoint(at base: OutboundURL, key: Secret?) -> OpenAIEndpoint {
            var endpoint = OpenAIEndpoint(baseURL: base, key: key)
            endpoint.api = api
            endpoint.structure = structure
            endpoint.tokensField = tokensField
            endpoint.systemRole = systemRole
            endpoint.effort = effort
            endpoint.thoughtTokensMax = effort.tokensMax
            endpoint.acceptsTemperature = temperature == .on
            endpoint.organization = organization
            endpoint.project = project
            return endpoint
        }

        /// Whether calls go somewhere else than to the provider itself.
        var isElsewhere: Bool { baseURL != Self.standardURL }
    }
}
