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
    package enum SystemRole: String, Sendable, CaseIterable { case system, developer }

    /// Up to and including `/v1`.
    package var baseURL: OutboundURL
    /// Nil for servers that ask for none.
    package var key: Secret?
    /// The header that carries the key instead of `Authorization: Bearer`, such as `api-key`.
    package var keyHeader: HTTPField.Name?
    package var organization: String?
    package var project: String?
    package var tokensField = TokensField.maxCompletionTokens
    package var structure = Structure.jsonSchema
    /// False for models that accept only the default.
    package var acceptsTemperature = true
    package var systemRole = SystemRole.system

    package init(baseURL: OutboundURL, key: Secret?) {
        self.baseURL = baseURL
        self.key = key
    }

    var authorization: OutboundRequest.Authorization? {
        key.map { key in keyHeader.map { .header($0, key) } ?? .bearer(key) }
    }
}
