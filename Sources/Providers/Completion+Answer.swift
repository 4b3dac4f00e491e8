import FoundationEssentials
import Outbound

extension Completion {
    /// The answer as a value of the asked shape, or what is wrong with it.
    package enum Answer<Value: Sendable>: Sendable {
        case valid(Value)
        case invalid([JSONSchema.Problem])
    }

    /// Reads the content as JSON and checks it against `schema`.
    ///
    /// Tolerates a Markdown fence or a sentence around the object: endpoints without structured output add them.
    package func value(matching schema: JSONSchema) -> Answer<JSON> {
        guard let json = JSON(text: content) ?? JSON(text: Self.innermostObject(of: content)) else {
            return .invalid([JSONSchema.Problem(path: "", complaint: "is not a JSON object")])
        }
        let problems = schema.check(json)
        return problems.isEmpty ? .valid(json) : .invalid(problems)
    }

    /// Reads the content as `type` after checking it against `schema`.
    package func decode<Value: Decodable & Sendable>(
        _ type: Value.Type, matching schema: JSONSchema
    ) -> Answer<Value> {
        switch value(matching: schema) {
        case .invalid(let problems): return .invalid(problems)
        case .valid(let json):
            do { return .valid(try JSONDecoder().decode(type, from: Data(json.jsonText.bytes))) } catch {
                return .invalid([JSONSchema.Problem(path: "", complaint: "does not have the asked members")])
            }
        }
    }

    private static func innermostObject(of text: String) -> String {
        guard let first = text.firstIndex(of: "{"), let last = text.lastIndex(of: "}"), first < last else { return "" }
        return String(text[first...last])
    }
}

extension ProviderError {
    /// For the caller whose one repair has failed too: the answer was paid and is useless.
    package static func malformed(_ problems: [JSONSchema.Problem], usage: TokenUse?) -> ProviderError {
        let list = problems.prefix(3).map(\.description).joined(separator: "; ")
        return ProviderError(
            .malformed, "The model's answer does not have the asked shape: \(list)",
            hint: "If this happens often, choose a model with strict structured output.", retry: .backoff, usage: usage)
    }
}
