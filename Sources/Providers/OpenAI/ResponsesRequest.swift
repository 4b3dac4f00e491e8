import Outbound

/// The body of a request to `/responses`: what a chat completion says, in other places.
struct ResponsesRequest {
    private let prompt: Prompt
    private let endpoint: OpenAIEndpoint
    /// The service takes no less.
    private static let outputTokensMin = 16

    init(_ prompt: Prompt, for endpoint: OpenAIEndpoint) {
        self.prompt = prompt
        self.endpoint = endpoint
    }

    var bytes: [UInt8] {
        JSONText.object([
            ("model", .string(prompt.model)),
            ("input", .array(ChatRequest(prompt, for: endpoint).messages)),
            ("max_output_tokens", .integer(max(Self.outputTokensMin, endpoint.tokensMax(for: prompt)))),
            ("temperature", endpoint.temperature(for: prompt).map { .number($0) }),
            ("reasoning", endpoint.effort(for: prompt).map { .object([("effort", .string($0))]) }),
            ("text", format.map { .object([("format", $0)]) }),
            // Kept by the service otherwise.
            ("store", .bool(false)),
        ]).bytes
    }

    private var format: JSONText? {
        guard let schema = prompt.schema else { return nil }
        switch endpoint.structure {
        case .none: return nil
        case .jsonObject: return .object([("type", .string("json_object"))])
        case .jsonSchema:
            return .object([
                ("type", .string("json_schema")), ("name", .string(schema.name)), ("strict", .bool(true)),
                ("schema", schema.jsonText),
            ])
        }
    }
}
