import FoundationEssentials
import HTTPTypes
import Outbound
import Testing

@testable import Providers

@Suite struct `The OpenAI client` {
    static let answer = """
        {"id":"chatcmpl-1","object":"chat.completion","created":1795219200,"model":"gpt-4o-mini-2024-07-18",
         "choices":[{"index":0,"message":{"role":"assistant","content":"{\\"title\\":\\"Rye\\"}","refusal":null},
         "finish_reason":"stop"}],
         "usage":{"prompt_tokens":120,"completion_tokens":340,"total_tokens":460,
         "prompt_tokens_details":{"cached_tokens":20}}}
        """
    static let schema = JSONSchema.object(name: "post", ["title": .string("A headline.", length: 1...60)])
    static let prompt = Prompt(
        model: "gpt-4o-mini", system: "You write.", user: "Rye bread", schema: schema, outputTokensMax: 1_200,
        temperature: 0.7, marker: "job 7/äx")

    @Test func `reads content, use and limits of an answer`() async throws {
        let headers: HTTPFields = [
            .known("x-request-id"): "req_1", .known("x-ratelimit-limit-requests"): "450",
            .known("x-ratelimit-remaining-requests"): "449", .known("x-ratelimit-reset-requests"): "133ms",
            .known("x-ratelimit-limit-tokens"): "450000", .known("x-ratelimit-reset-tokens"): "1m30.951s",
        ]

        let completion = try await complete(ScriptedTransport(200, Self.answer, headers: headers))

        #expect(completion.content == #"{"title":"Rye"}"#)
        #expect(completion.usage == TokenUse(inputTokens: 120, outputTokens: 340, cachedTokens: 20))
        #expect(completion.model == "gpt-4o-mini-2024-07-18")
        #expect(completion.requestID == "req_1")
        #expect(completion.rateLimits.requests == .init(limit: 450, remaining: 449, reset: .milliseconds(133)))
        #expect(completion.rateLimits.tokens == .init(limit: 450_000, remaining: nil, reset: .milliseconds(90_951)))
    }

    @Test func `asks once, with schema, limit, key and marker`() async throws {
        let transport = ScriptedTransport(200, Self.answer)

        _ = try await complete(transport)

        let request = try #require(transport.requests.first)
        #expect(transport.requests.count == 1)
        #expect(request.url.full == "https://api.openai.com/v1/chat/completions")
        #expect(request.authorization == .bearer(Secret("sk-1")))
        #expect(request.headers[.clientRequestID] == "job7/x")
        let text = String(decoding: request.body, as: UTF8.self)
        let body = try #require(JSON(text: text))
        #expect(body["max_completion_tokens"]?.integer == 1_200)
        #expect(body["temperature"]?.number == 0.7)
        #expect(body["messages"]?[0]?["role"]?.string == "system")
        let format = try #require(body["response_format"]?["json_schema"])
        #expect(format["strict"]?.bool == true)
        #expect(format["name"]?.string == "post")
        #expect(format["schema"]?["additionalProperties"]?.bool == false)
        #expect(
            body.object?.keys.sorted() == [
                "max_completion_tokens", "messages", "model", "response_format", "temperature",
            ])
    }

    @Test func `sends a lesser endpoint only what it knows`() async throws {
        var endpoint = try endpoint()
        endpoint.tokensField = .maxTokens
        endpoint.structure = .jsonObject
        endpoint.acceptsTemperature = false
        endpoint.systemRole = .developer
        endpoint.keyHeader = .known("api-key")
        let transport = ScriptedTransport(200, Self.answer)

        _ = try await complete(transport, endpoint)

        let request = try #require(transport.requests.first)
        let body = try #require(JSON(request.body))
        #expect(request.authorization == .header(.known("api-key"), Secret("sk-1")))
        #expect(body["max_tokens"]?.integer == 1_200)
        #expect(body["max_completion_tokens"] == nil)
        #expect(body["temperature"] == nil)
        #expect(body["response_format"] == ["type": "json_object"])
        #expect(body["messages"]?[0]?["role"]?.string == "developer")
        #expect(body["messages"]?[1]?["content"]?.string?.contains("JSON Schema") == true)
    }

    @Test(arguments: [
        ("gpt-6-luna", true), ("o3", true), ("openai/gpt-5.1-mini", true), ("gpt-4o", false), ("gpt-50", false),
    ])
    func `asks a model that reasons without a temperature, and leaves it room to think`(
        _ model: String, _ reasons: Bool
    ) async throws {
        for api in OpenAIEndpoint.API.allCases {
            var endpoint = try endpoint()
            endpoint.api = api
            endpoint.thoughtTokensMax = OpenAIEndpoint.Effort.low.tokensMax
            let transport = ScriptedTransport(200, Self.answer)
            var prompt = Self.prompt
            prompt.model = model
            let client = OpenAIClient(endpoint: endpoint, transport: transport) { Date() }
            _ = try? await client.complete(prompt, deadline: .seconds(30))

            let body = try #require(JSON(transport.requests.first?.body ?? []))
            #expect((body["temperature"] == nil) == reasons)
            let effort = api == .chat ? body["reasoning_effort"] : body["reasoning"]?["effort"]
            #expect(effort?.string == (reasons ? "low" : nil))
            let limit = body[api == .chat ? "max_completion_tokens" : "max_output_tokens"]
            #expect(limit?.integer == prompt.outputTokensMax + (reasons ? 2_000 : 0))
        }
    }

    @Test func `asks in the newer protocol`() async throws {
        var endpoint = try endpoint()
        endpoint.api = .responses
        let answer = """
            {"id":"resp_1","object":"response","status":"completed","error":null,"model":"gpt-4o-mini-2024-07-18",
             "output":[{"type":"reasoning","summary":[]},{"type":"message","content":[{"type":"output_text",
             "text":"{\\"title\\":\\"Rye\\"}"}]}],
             "usage":{"input_tokens":120,"output_tokens":340,"input_tokens_details":{"cached_tokens":20}}}
            """
        let transport = ScriptedTransport(200, answer)

        let completion = try await complete(transport, endpoint)

        #expect(completion.content == #"{"title":"Rye"}"#)
        #expect(completion.usage == TokenUse(inputTokens: 120, outputTokens: 340, cachedTokens: 20))
        let request = try #require(transport.requests.first)
        #expect(request.url.full == "https://api.openai.com/v1/responses")
        let body = try #require(JSON(request.body))
        #expect(body["max_output_tokens"]?.integer == 1_200)
        #expect(body["store"]?.bool == false)
        #expect(body["text"]?["format"]?["name"]?.string == "post")
        #expect(body["text"]?["format"]?["strict"]?.bool == true)
        #expect(body["input"]?[1]?["content"]?.string == "Rye bread")
    }

    @Test(arguments: [
        (#"{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[]}"#, "truncated"),
        (#"{"status":"incomplete","incomplete_details":{"reason":"content_filter"},"output":[]}"#, "content_filtered"),
        (#"{"status":"failed","error":{"code":"rate_limit_exceeded","message":"slow"}}"#, "rate_limited"),
        (#"{"status":"failed","error":{"code":"server_error","message":"oh"}}"#, "unavailable"),
        (#"{"output":[{"type":"message","content":[{"type":"refusal","refusal":"no"}]}]}"#, "refused"),
        (#"{"output":[]}"#, "malformed"), ("[", "malformed"),
    ])
    func `tells the failures of the newer protocol apart`(_ body: String, _ expected: String) async throws {
        var endpoint = try endpoint()
        endpoint.api = .responses
        let error = await #expect(throws: ProviderError.self) {
            try await complete(ScriptedTransport(200, body), endpoint)
        }

        #expect(error?.code.rawValue.hasSuffix(expected) == true, "\(error?.code.rawValue ?? "")")
    }

    @Test(arguments: [
        #"{"choices":[{"message":{"content":"hi"}}]}"#,
        #"{"id":7,"model":null,"usage":null,"choices":[{"message":{"content":"hi"},"finish_reason":null}]}"#,
        #"{"choices":[{"message":{"content":[{"type":"text","text":"hi"}]},"finish_reason":"eos"}],"usage":{}}"#,
    ])
    func `reads the bent answers of compatible servers`(_ body: String) async throws {
        let completion = try await complete(ScriptedTransport(200, body))

        #expect(completion.content == "hi")
        #expect(completion.usage == nil)
    }

    @Test func `lists models`() async throws {
        let body = #"{"object":"list","data":[{"id":"gpt-4o-mini","object":"model"},{"id":"gpt-6-luna"}]}"#
        let client = OpenAIClient(endpoint: try endpoint(), transport: ScriptedTransport(200, body)) { Date() }

        #expect(try await client.models(deadline: .seconds(5)).map(\.name) == ["gpt-4o-mini", "gpt-6-luna"])
    }

    private func complete(_ transport: ScriptedTransport, _ endpoint: OpenAIEndpoint? = nil) async throws -> Completion
    {
        let client = OpenAIClient(endpoint: try endpoint ?? self.endpoint(), transport: transport) { Date() }
        return try await client.complete(Self.prompt, deadline: .seconds(30))
    }

    private func endpoint() throws -> OpenAIEndpoint {
        OpenAIEndpoint(baseURL: try OutboundURL("https://api.openai.com/v1"), key: Secret("sk-1"))
    }
}
