import Foundation
import Sandbox

/// A sandbox in memory and calls to it.
struct SandboxFixture {
    var core: SandboxCore

    init(_ change: (inout SandboxConfiguration) -> Void = { _ in }) {
        var configuration = SandboxConfiguration()
        configuration.fixedLatency = true
        change(&configuration)
        core = SandboxCore(configuration: configuration, epoch: 1_795_219_200, nonce: 7)
    }

    mutating func call(
        _ method: String, _ path: String, _ body: JSONValue? = nil, headers: [String: String] = [:],
        query: [String: String] = [:], key: String? = "sk-sandbox", at now: Duration = .zero
    ) -> Plan {
        var headers = headers
        if let key { headers["authorization"] = "Bearer \(key)" }
        let request = ProviderRequest(
            method: method, path: path, query: query, headers: headers, body: body?.bytes ?? [],
            baseURL: "http://sandbox")
        return core.handle(request, at: now).plan
    }

    mutating func chat(
        _ content: String = "Subject: sourdough starter", model: String = "sandbox-small", tokensMax: Int? = nil,
        schema: (name: String, schema: JSONValue)? = nil, more: [(String, JSONValue)] = [], at now: Duration = .zero
    ) -> Plan {
        var body = JSONObject([
            ("model", .string(model)), ("messages", [["role": "user", "content": .string(content)]]),
        ])
        if let tokensMax { body["max_completion_tokens"] = .int(tokensMax) }
        if let schema {
            body["response_format"] = [
                "type": "json_schema",
                "json_schema": ["name": .string(schema.name), "strict": true, "schema": schema.schema],
            ]
        }
        for (name, value) in more { body[name] = value }
        return call("POST", "/v1/chat/completions", .object(body), at: now)
    }

    mutating func createPrediction(
        _ more: [(String, JSONValue)] = [], headers: [String: String] = [:], at now: Duration = .zero
    ) -> JSONValue {
        var body = JSONObject([
            ("version", "black-forest-labs/flux-schnell"), ("input", ["prompt": "a jar of starter"]),
        ])
        for (name, value) in more { body[name] = value }
        let plan = call("POST", "/v1/predictions", .object(body), headers: headers, at: now)
        return core.answer(to: plan, at: now + plan.delay).json
    }

    mutating func prediction(_ id: String, at now: Duration) -> JSONValue {
        core.answer(to: call("GET", "/v1/predictions/\(id)", at: now), at: now).json
    }

    /// A closed object whose properties are all required.
    static func object(_ properties: [(String, JSONValue)]) -> JSONValue {
        [
            "type": "object", "additionalProperties": false, "required": .array(properties.map { .string($0.0) }),
            "properties": .object(JSONObject(properties)),
        ]
    }

    static let text: JSONValue = ["type": "string"]
    static let texts: JSONValue = ["type": "array", "items": ["type": "string"]]

    static let ideas: JSONValue = object([
        (
            "ideas",
            [
                "type": "array",
                "items": object([
                    ("title", text), ("why", text), ("audience", text), ("format", text), ("keywords", texts),
                ]),
            ]
        )
    ])

    static let article: JSONValue = object([
        ("title", text), ("slug", text), ("excerpt", text), ("body", text), ("metaDescription", text), ("tags", texts),
        ("imagePrompt", text), ("altText", text),
    ])
}

extension SandboxCore {
    /// The answer that a plan ends with, which must be one in one piece.
    func answer(to plan: Plan, at now: Duration) -> ProviderResponse {
        switch ending(of: plan, at: now) {
        case .respond(let response): response
        case .cut(let response, _): response
        case .picture(var response, let picture, let form): response.drawn(form.body(of: picture))
        default: ProviderResponse(status: 0)
        }
    }
}

extension ProviderResponse {
    mutating func drawn(_ body: [UInt8]) -> ProviderResponse {
        self.body = body
        return self
    }

    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }  // Tests see null where there is no JSON.
}

extension Plan {
    /// The answer of a plan that ends with one.
    var response: ProviderResponse {
        if case .respond(let response) = ending { return response }
        return ProviderResponse(status: 0)
    }

    /// Text of the first choice.
    var content: String { response.json["choices"]?.items?.first?["message"]?["content"]?.text ?? "" }

    /// The content read as JSON.
    var object: JSONValue { (try? JSONValue(parsing: Array(content.utf8))) ?? .null }  // As above.

    var errorCode: String? { response.json["error"]?["code"]?.text }
}
