import Outbound

/// The body of a chat completion, for one endpoint's abilities.
struct ChatRequest {
    private let prompt: Prompt
    private let endpoint: OpenAIEndpoint

    init(_ prompt: Prompt, for endpoint: OpenAIEndpoint) {
        self.prompt = prompt
        self.endpoint = endpoint
    }

    var bytes: [UInt8] {
        JSONText.object([
            ("model", .string(prompt.model)),
            ("messages", .array(messages)),
            (endpoint.tokensField.rawValue, .integer(endpoint.tokensMax(for: prompt))),
            ("temperature", endpoint.temperature(for: prompt).map { .number($0) }),
            ("reasoning_effort", endpoint.effort(for: prompt).map { .string($0) }),
            ("response_format", responseFormat),
        ]).bytes
    }

    var messages: [JSONText] {
        var messages = prompt.messages
        if let schema = prompt.schema, endpoint.structure != .jsonSchema {
            let rule = "Answer with one JSON object and nothing else. It must fit this JSON Schema:\n\(schema.jsonText)"
            let place = messages.firstIndex { $0.role != .system } ?? messages.endIndex
            messages.insert(Prompt.Message(.system, rule), at: place)
        }
        return messages.map { message in
            .object([("role", .string(role(message.role))), ("content", .string(message.text))])
        }
    }

    private func role(_ role: Prompt.Message.Role) -> String {
        role == .system ? endpoint.systemRole.rawValue : role.rawValue
    }

    private var responseFormat: JSONText? {
        guard let schema = prompt.schema else { return nil }
        switch endpoint.structure {
        case .none: return nil
        case .jsonObject: return .object([("type", .string("json_object"))])
        case .jsonSchema:
            let named: JSONText = .object([
                ("name", .string(schema.name)), ("strict", .bool(true)), ("schema", schema.jsonText),
            ])
            return .object([("type", .string("json_schema")), ("json_schema", named)])
        }
    }
}
