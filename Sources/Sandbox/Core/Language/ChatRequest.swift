/// A request for a completion, checked as far as the real service checks it.
package struct ChatRequest: Sendable {
    package struct Message: Sendable, Equatable {
        package let role: String
        package let text: String

        package init(role: String, text: String) {
            self.role = role
            self.text = text
        }
    }

    /// The schema that the answer must follow.
    package struct Schema: Sendable {
        package let name: String
        package let schema: JSONValue
    }

    /// Which of the two protocols the caller speaks.
    package enum Wire: Sendable { case chat, responses }

    package var wire = Wire.chat
    package var model: String
    package var messages: [Message]
    /// Most tokens the answer may have; nil is no limit.
    package var tokensMax: Int?
    package var schema: Schema?
    package var wantsJSONObject = false
    package var choices = 1
    package var streams = false
    package var streamsUsage = false
    package var obfuscates = true

    /// What the call is for, by the name of its schema.
    package var operation: Operation {
        guard let name = schema?.name.lowercased() else { return .chat }
        if name.contains("ideas") { return .ideas }
        return name.contains("article") ? .article : .chat
    }

    /// Everything the caller wrote, for matching.
    package var prompt: String { messages.map(\.text).joined(separator: "\n") }

    /// Tokens of the prompt as the service estimates them before it begins: a quarter of the characters and two more
    /// for each message.
    package var promptTokensAtAdmission: Int { messages.reduce(0) { $0 + Tokens.count($1.text) + 2 } }

    /// What the limit on tokens is charged when the call is admitted.
    package var charge: Int { promptTokensAtAdmission + (tokensMax ?? 0) }
}

/// Counting tokens the cheap way.
package enum Tokens {
    /// A quarter of the characters, rounded up.
    package static func count(_ text: String) -> Int { (text.unicodeScalars.count + 3) / 4 }
}

/// Why a request for a completion is refused, as the service says it.
package struct ChatProblem: Error, Equatable {
    package var status = 400
    package var type = "invalid_request_error"
    package var message: String
    package var param: String?
    package var code: String?

    package init(
        _ message: String, status: Int = 400, type: String = "invalid_request_error", param: String? = nil,
        code: String? = nil
    ) {
        self.message = message
        self.status = status
        self.type = type
        self.param = param
        self.code = code
    }

    package var response: ProviderResponse {
        .json(
            [
                "error": [
                    "message": .string(message), "type": .string(type), "param": JSONValue(param),
                    "code": JSONValue(code),
                ]
            ],
            status: status)
    }
}
