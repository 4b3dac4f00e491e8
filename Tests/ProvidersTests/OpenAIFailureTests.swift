import FoundationEssentials
import HTTPTypes
import Outbound
import Testing

@testable import Providers

@Suite struct `An OpenAI failure` {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var status: Int
        var body: String
        var headers: HTTPFields = [:]
        var code: ProviderError.Code
        var retry: ProviderError.Retry
        var testDescription: String { name }
    }

    static func body(_ message: String, type: String = "invalid_request_error", code: String = "null") -> String {
        let code = code == "null" ? "null" : "\"\(code)\""
        return #"{"error":{"message":"\#(message)","type":"\#(type)","param":null,"code":\#(code)}}"#
    }

    static let limitText =
        "Rate limit reached for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, Used 26862, "
        + "Requested 8137. Please try again in 9.998s. Visit https://platform.openai.com"

    static let cases: [Case] = [
        Case(
            name: "429 with Retry-After", status: 429,
            body: body("slow", type: "requests", code: "rate_limit_exceeded"),
            headers: [.retryAfter: "7"], code: .rateLimited, retry: .refused(after: .seconds(7))),
        Case(
            name: "429 with the wait in prose", status: 429,
            body: body(limitText, type: "tokens", code: "rate_limit_exceeded"), code: .rateLimited,
            retry: .refused(after: .milliseconds(9_998))),
        Case(name: "429 bare", status: 429, body: "", code: .rateLimited, retry: .refused(after: nil)),
        Case(
            name: "429 slow_down", status: 429, body: body("ramp", type: "rate_limit_error", code: "slow_down"),
            code: .rateLimited, retry: .refused(after: nil)),
        Case(
            name: "429 requests a day", status: 429,
            body: body(
                "Rate limit reached for gpt-4o on requests per day (RPD): Limit 200, Used 200, Requested 1. "
                    + "Please try again in 7m12s.", type: "requests", code: "rate_limit_exceeded"),
            code: .dailyLimit, retry: .refused(after: .seconds(432))),
        Case(
            name: "429 for two hours", status: 429, body: "", headers: [.retryAfter: "7200"], code: .rateLimited,
            retry: .refused(after: .seconds(3_600))),
        Case(
            name: "429 for the rest of the day", status: 429,
            body: body("Limit reached on tokens per day (TPD)", code: "rate_limit_exceeded"),
            headers: [.retryAfter: "7200"], code: .dailyLimit, retry: .refused(after: .seconds(7_200))),
        Case(
            name: "429 tokens a day, bare", status: 429,
            body: body("Limit reached on tokens per day (TPD)", code: "rate_limit_exceeded"), code: .dailyLimit,
            retry: .refused(after: nil)),
        Case(
            name: "429 insufficient_quota", status: 429,
            body: body("You exceeded", type: "insufficient_quota", code: "insufficient_quota"),
            headers: [.retryAfter: "1"],
            code: .quotaExhausted, retry: .never),
        Case(
            name: "429 spend limit", status: 429, body: body("no", code: "project_spend_limit_exceeded"),
            code: .quotaExhausted, retry: .never),
        Case(
            name: "429 too large", status: 429,
            body: body(
                "Request too large for gpt-4o on TPM: Limit 1, Requested 2", type: "tokens", code: "rate_limit_exceeded"
            ),
            code: .requestTooLarge, retry: .never),
        Case(
            name: "400 context", status: 400, body: body("long", code: "context_length_exceeded"),
            code: .requestTooLarge,
            retry: .never),
        Case(
            name: "400 parameter", status: 400, body: body("Unsupported", code: "unsupported_parameter"),
            code: .rejected,
            retry: .never),
        Case(
            name: "400 filter", status: 400, body: body("no", code: "content_filter"), code: .contentFiltered,
            retry: .never),
        Case(name: "401", status: 401, body: body("bad", code: "invalid_api_key"), code: .unauthorized, retry: .never),
        Case(name: "403", status: 403, body: "", code: .unauthorized, retry: .never),
        Case(
            name: "404", status: 404, body: body("gone", code: "model_not_found"), code: .modelNotFound, retry: .never),
        Case(name: "422 vLLM", status: 422, body: #"{"detail":"extra_forbidden"}"#, code: .rejected, retry: .never),
        Case(name: "302", status: 302, body: "", code: .rejected, retry: .never),
        Case(name: "408", status: 408, body: "", code: .unavailable, retry: .backoff),
        Case(name: "500", status: 500, body: body("oops", type: "server_error"), code: .unavailable, retry: .backoff),
        Case(
            name: "502 with HTML", status: 502, body: "<html><h1>Bad Gateway</h1></html>", code: .unavailable,
            retry: .backoff),
        Case(
            name: "503 with Retry-After", status: 503, body: body("busy", code: "server_is_overloaded"),
            headers: [.retryAfter: "20"], code: .unavailable, retry: .after(.seconds(20))),
        Case(name: "200 with HTML", status: 200, body: "<!doctype html>", code: .malformed, retry: .backoff),
        Case(
            name: "200 with half a body", status: 200, body: #"{"choices":[{"mess"#, code: .malformed, retry: .backoff),
        Case(name: "200 without choices", status: 200, body: #"{"choices":[]}"#, code: .malformed, retry: .backoff),
        Case(
            name: "200 with an error inside", status: 200, body: body("busy", code: "rate_limit_exceeded"),
            code: .rateLimited, retry: .refused(after: nil)),
    ]

    @Test func `says what the provider told of its limits beside it`() async throws {
        var headers: HTTPFields = [:]
        for (name, value) in [
            ("x-ratelimit-limit-tokens", "30000"), ("x-ratelimit-remaining-tokens", "120"),
            ("x-ratelimit-reset-tokens", "59.76s"),
        ] {
            headers[try #require(HTTPField.Name(name))] = value
        }

        let error = try await failure(
            ScriptedTransport(429, Self.body("slow", code: "rate_limit_exceeded"), headers: headers))

        #expect(
            error.rateLimits.tokens
                == RateLimitReport.Bucket(limit: 30_000, remaining: 120, reset: .milliseconds(59_760)))
        #expect(error.rateLimits.requests == nil)
    }

    @Test(arguments: cases)
    func `is told apart`(_ item: Case) async throws {
        let error = try await failure(ScriptedTransport(item.status, item.body, headers: item.headers))

        #expect(error.code == item.code)
        #expect(error.retry == item.retry)
        #expect(error.sent)
    }

    @Test(arguments: [
        ("length", #""content":"{\"title\":\"Ha""#, ProviderError.Code.truncated, ProviderError.Retry.backoff),
        ("content_filter", #""content":"""#, .contentFiltered, .never),
        ("stop", #""content":null,"refusal":"I cannot help with that."# + "\"", .refused, .never),
        ("stop", #""content":"""#, .malformed, .backoff),
    ])
    func `of a paid answer says what was paid`(
        _ finish: String, _ message: String, _ code: ProviderError.Code, _ retry: ProviderError.Retry
    ) async throws {
        let body = """
            {"choices":[{"message":{\(message)},"finish_reason":"\(finish)"}],
             "usage":{"prompt_tokens":10,"completion_tokens":5}}
            """

        let error = try await failure(ScriptedTransport(200, body))

        #expect(error.code == code)
        #expect(error.retry == retry)
        #expect(error.usage == TokenUse(inputTokens: 10, outputTokens: 5))
    }

    @Test(arguments: [
        (OutboundError.Code.timedOut, ProviderError.Code.timedOut), (.unreachable, .unreachable),
        (.interrupted, .unreachable), (.bodyTooLarge, .malformed), (.refusedDestination, .rejected),
    ])
    func `of the transport keeps its meaning`(_ code: OutboundError.Code, _ expected: ProviderError.Code) async throws {
        let error = try await failure(
            ScriptedTransport { _ in throw OutboundError(code, "api.openai.com …", retry: .backoff, sent: false) })

        #expect(error.code == expected)
        #expect(!error.sent)
    }

    @Test func `is not what cancellation becomes`() async throws {
        let transport = ScriptedTransport { _ in throw CancellationError() }

        await #expect(throws: CancellationError.self) {
            _ = try await client(transport).complete(prompt, deadline: .seconds(1))
        }
    }

    @Test func `never repeats the provider's words`() async throws {
        let body = Self.body(
            "Incorrect API key provided: sk-secret. You wrote: my private prompt", code: "odd code <b>")

        for status in [400, 401, 403, 404, 413, 422, 429, 500, 503] {
            let error = try await failure(ScriptedTransport(status, body))
            let texts = ["\(error)", error.message, error.hint ?? "", String(reflecting: error)]
            for text in texts {
                #expect(!text.contains("sk-secret") && !text.contains("private") && !text.contains("<b>"))
            }
        }
    }

    private var prompt: Prompt { Prompt(model: "m", system: "s", user: "u", outputTokensMax: 10) }

    private func client(_ transport: ScriptedTransport) throws -> OpenAIClient {
        let endpoint = OpenAIEndpoint(baseURL: try OutboundURL("https://api.openai.com/v1"), key: Secret("k"))
        return OpenAIClient(endpoint: endpoint, transport: transport) { Date(timeIntervalSince1970: 1_795_219_200) }
    }

    private func failure(_ transport: ScriptedTransport) async throws -> ProviderError {
        let error = await #expect(throws: ProviderError.self) {
            _ = try await client(transport).complete(prompt, deadline: .seconds(1))
        }
        return try #require(error)
    }
}

@Suite struct `A wait in prose` {
    @Test(arguments: [
        ("18ms", Duration.milliseconds(18)), ("4.096s", .milliseconds(4_096)), ("8.64s", .milliseconds(8_640)),
        ("6m0s", .seconds(360)), ("1m30.951s", .milliseconds(90_951)), ("1h0m0s", .seconds(3_600)),
    ])
    func `is read`(_ text: String, _ expected: Duration) { #expect(WaitPhrase.duration(text) == expected) }

    @Test(arguments: ["", "abc", "5", "s", "1x", "1s2", "..s"])
    func `is nothing when it cannot be read`(_ text: String) { #expect(WaitPhrase.duration(text) == nil) }
}
