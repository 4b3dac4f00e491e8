import HTTPTypes
import Outbound

/// A server that speaks OpenAI's chat completions, and what it can do.
///
/// The defaults are api.openai.com's. Others (vLLM, llama.cpp, Ollama, Azure, OpenRouter) refuse unknown fields, so a
/// field that one of them does not know is left out, never sent just in case.
package struct OpenAIEndpoint: Sendable {
    package enum TokensField: String, Sendable, CaseIterable {
        /// Older servers. OpenAI's reasoning models reject it.
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
    }
    package enum Structure: String, Sendable, CaseIterable {
        /// The server itself holds the answer to the schema.
        case jsonSchema = "json_schema"
        /// The server promises JSON; the schema goes into the prompt.
        case jsonObject = "json_object"
        /// No promise; the schema goes into the prompt.
        case none
    }
    package enum API: String, Sendable, CaseIterable {
        /// Nearly everybody speaks it.
        case chat
        /// OpenAI's newer one.
        case responses
    }
    /// How long a model thinks before it answers. Which of them a model knows differs; all know `low`.
    package enum Effort: String, Sendable, CaseIterable {
        case none, minimal, low, medium, high

        /// Tokens to leave for thoughts beside an answer's own: thoughts count towards the answer's limit, and an answer
        /// whose limit they have used up comes cut off, or empty.
        package var tokensMax: Int {
            switch self {
            case .none: 0
            case .minimal: 500
            case .low: 2_000
            case .medium: 8_000
            case .high: 24_000
            }
        }
    }

    package enum SystemRole: String, Sendable, CaseIterable { case system, developer }

    /// Up to and including `/v1`.
    package var baseURL: OutboundURL
    /// Nil for servers that ask for none.
    package var key: Secret?
    /// The header that carries the key instead of `Authorization: Bearer`, such as `api-key`.
    package var keyHeader: HTTPField.Name?
    package var organization: String?
    package var project: String?
    package var api = API.chat
    /// Told to models that think; their thoughts are paid as output and count towards its limit. Nil tells them nothing.
    package var effort: Effort? = .low
    /// What is left for the thoughts of models that think, beside each answer's own limit; 0 for servers whose models do not.
    package var thoughtTokensMax = 0
    package var tokensField = TokensField.maxCompletionTokens
    package var structure = Structure.jsonSchema
    /// False for models that accept only the default.
    package var acceptsTemperature = true
    package var systemRole = SystemRole.system

    package init(baseURL: OutboundURL, key: Secret?) {
        self.baseURL = baseURL
        self.key = key
    }

    /// Nil for what takes none.
    func temperature(for prompt: Prompt) -> Double? {
        acceptsTemperature && !ReasoningModels.contains(prompt.model) ? prompt.temperature : nil
    }

    /// The answer's own limit and its thoughts'.
    func tokensMax(for prompt: Prompt) -> Int { prompt.outputTokensMax + thoughtTokensMax(of: prompt.model) }

    /// What a call may use beside its answer.
    package func thoughtTokensMax(of model: String) -> Int { ReasoningModels.contains(model) ? thoughtTokensMax : 0 }

    func effort(for prompt: Prompt) -> String? { ReasoningModels.contains(prompt.model) ? effort?.rawValue : nil }

    var authorization: OutboundRequest.Authorization? {
        key.map { key in keyHeader.map { .header($0, key) } ?? .bearer(key) }
    }
}
