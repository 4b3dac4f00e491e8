/// What a language model is asked.
package struct Prompt: Sendable, Equatable {
    package struct Message: Sendable, Equatable {
        package enum Role: String, Sendable { case system, user, assistant }
        package var role: Role
        package var text: String

        package init(_ role: Role, _ text: String) {
            self.role = role
            self.text = text
        }
    }

    package var model: String
    package var messages: [Message]
    /// The shape the answer must have. Nil asks for plain text.
    package var schema: JSONSchema?
    /// Upper bound of the answer. Providers charge it against the quota at admission, so keep it near the need.
    package var outputTokensMax: Int
    /// 0–2; nil leaves it to the model. Dropped for endpoints that refuse it.
    package var temperature: Double?
    /// Identifies this attempt in the provider's logs. ASCII, at most 512 characters; other characters are dropped.
    package var marker: String?

    package init(
        model: String, system: String, user: String, schema: JSONSchema? = nil, outputTokensMax: Int,
        temperature: Double? = nil, marker: String? = nil
    ) {
        self.model = model
        self.messages = [Message(.system, system), Message(.user, user)]
        self.schema = schema
        self.outputTokensMax = outputTokensMax
        self.temperature = temperature
        self.marker = marker
    }

    /// The same question with the useless answer and what is wrong with it, for one more attempt.
    package func repairing(_ answer: String, problems: [JSONSchema.Problem]) -> Prompt {
        var repaired = self
        let list = problems.prefix(10).map { "- \($0)" }.joined(separator: "\n")
        repaired.messages.append(Message(.assistant, answer))
        repaired.messages.append(
            Message(
                .user,
                "Your answer cannot be used:\n\(list)\nAnswer again: the whole corrected JSON object, nothing else."
            ))
        return repaired
    }
}
