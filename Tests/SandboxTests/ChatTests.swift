import Sandbox
import Testing

@Suite struct `A completion` {
    @Test func `follows the schema of ideas and costs about 2,000 tokens`() throws {
        var sandbox = SandboxFixture()

        let plan = sandbox.chat(tokensMax: 2000, schema: ("ideas", SandboxFixture.ideas))

        #expect(plan.delay == .seconds(4))
        let ideas = try #require(plan.object["ideas"]?.items)
        #expect(ideas.count == 5)
        #expect(ideas[0].object?.members.map(\.name) == ["title", "why", "audience", "format", "keywords"])
        let total = try #require(plan.response.json["usage"]?["total_tokens"]?.whole)
        #expect((1800...2200).contains(total))
    }

    @Test func `follows the schema of an article and costs about 4,000 tokens`() throws {
        var sandbox = SandboxFixture()

        let plan = sandbox.chat(
            "Subject: sourdough starter\nTitle: A jar of life\nWords: 900", tokensMax: 6000,
            schema: ("article", SandboxFixture.article))

        #expect(plan.delay == .milliseconds(12_500))
        #expect(plan.object["title"]?.text == "A jar of life")
        #expect(plan.object["body"]?.text?.contains("## ") == true)
        #expect(plan.object["tags"]?.items?.isEmpty == false)
        let total = try #require(plan.response.json["usage"]?["total_tokens"]?.whole)
        #expect((3600...4400).contains(total))
    }

    @Test func `counts what it wrote when ideal tokens are off`() throws {
        var sandbox = SandboxFixture { $0.idealTokens = false }

        let plan = sandbox.chat(schema: ("article", SandboxFixture.article))

        #expect(plan.response.json["usage"]?["completion_tokens"]?.whole == Tokens.count(plan.content))
    }

    @Test func `depends on seed and prompt alone`() {
        var first = SandboxFixture()
        var second = SandboxFixture()
        var other = SandboxFixture { $0.seed = 2 }

        let text = first.chat().content

        #expect(text == second.chat().content)
        #expect(text != other.chat().content)
        #expect(text != first.chat("Subject: hiking boots").content)
    }

    @Test func `fits any schema of the subset`() throws {
        let schema: JSONValue = [
            "type": "object", "additionalProperties": false,
            "required": ["kind", "stars", "note", "when", "list", "node", "flag", "ratio", "fixed"],
            "properties": [
                "kind": ["type": "string", "enum": ["red", "green"]],
                "stars": ["type": "integer", "minimum": 2, "maximum": 4],
                "note": ["type": ["string", "null"], "maxLength": 40],
                "when": ["type": "string", "format": "date-time"],
                "list": ["type": "array", "items": ["type": "number"], "minItems": 4, "maxItems": 6],
                "node": ["$ref": "#/$defs/node"], "flag": ["type": "boolean"],
                "ratio": ["anyOf": [["type": "null"], ["type": "number"]]], "fixed": ["const": "as it is"],
            ],
            "$defs": [
                "node": [
                    "type": "object", "additionalProperties": false, "required": ["name", "next"],
                    "properties": [
                        "name": ["type": "string"], "next": ["anyOf": [["$ref": "#/$defs/node"], ["type": "null"]]],
                    ],
                ]
            ],
        ]
        var sandbox = SandboxFixture()

        let answer = sandbox.chat(schema: ("thing", schema)).object

        #expect(["red", "green"].contains(answer["kind"]?.text))
        #expect((2...4).contains(try #require(answer["stars"]?.whole)))
        #expect((1...40).contains(try #require(answer["note"]?.text?.count)))
        #expect(answer["when"]?.text == "2026-01-15T09:30:00Z")
        #expect((4...6).contains(try #require(answer["list"]?.items?.count)))
        #expect(answer["node"]?["name"]?.text != nil)
        #expect(answer["flag"]?.flag == true)
        #expect(answer["ratio"]?.number != nil)
        #expect(answer["fixed"] == "as it is")
    }

    @Test func `stays small for a schema that has no end`() {
        let node: JSONValue = [
            "type": "object", "additionalProperties": false, "required": ["all", "number", "text"],
            "properties": [
                "all": ["type": "array", "minItems": 20, "items": ["$ref": "#"]],
                "number": ["type": "integer", "minimum": 1e300], "text": ["type": "string", "minLength": 60],
            ],
        ]

        let answer = SchemaAnswer.answer(to: node, brief: Brief(), prompt: "", seed: 1)

        #expect(answer["all"]?.items?.isEmpty == false)
        #expect(answer.bytes.count < 2_000_000)
    }

    @Test func `is charged for a quarter of the characters, two a message, and the tokens it may write`() {
        var sandbox = SandboxFixture()

        _ = sandbox.chat(String(repeating: "x", count: 401), tokensMax: 300)

        #expect(sandbox.core.history.calls(after: 0, limit: 1).first?.charged == 101 + 2 + 300)
    }

    @Test func `is cut off at its limit of tokens`() {
        var sandbox = SandboxFixture()

        let choice = sandbox.chat(tokensMax: 20).response.json["choices"]?.items?.first

        #expect(choice?["finish_reason"]?.text == "length")
        #expect(choice?["message"]?["content"]?.text?.count == 80)
    }

    @Test func `can be streamed, piece by piece, with usage at the end`() throws {
        var sandbox = SandboxFixture()
        let whole = sandbox.chat()

        let plan = sandbox.chat(more: [("stream", true), ("stream_options", ["include_usage": true])])

        guard case .stream(_, let pieces, let pause, false) = plan.ending else {
            Issue.record("not a stream")
            return
        }
        #expect(pieces.last == Array("data: [DONE]\n\n".utf8))
        let chunks = try pieces.dropLast().map { try JSONValue(parsing: Array($0.dropFirst(6).dropLast(2))) }
        let text = chunks.compactMap { $0["choices"]?.items?.first?["delta"]?["content"]?.text }.joined()
        #expect(text == whole.content)
        #expect(chunks.last?["choices"] == [])
        #expect(chunks.last?["usage"]?["total_tokens"] == whole.response.json["usage"]?["total_tokens"])
        #expect((plan.delay + pause * pieces.count - whole.delay).inSeconds.magnitude < 0.01)
    }
}

@Suite struct `A refused completion` {
    @Test func `names limit, use, request and wait`() throws {
        var sandbox = SandboxFixture { $0.tokensPerMinute = 30_000 }
        _ = sandbox.chat("", tokensMax: 26_860)

        let refused = sandbox.chat("", tokensMax: 8135).response

        #expect(refused.status == 429)
        let error = try #require(refused.json["error"])
        #expect(error["type"] == "tokens")
        #expect(error["code"] == "rate_limit_exceeded")
        let message = try #require(error["message"]?.text)
        #expect(message.contains("Limit 30000, Used 26862, Requested 8137. Please try again in 9.998s."))
        #expect(refused[header: "retry-after"] == "10")
        #expect(refused[header: "retry-after-ms"] == nil)
        #expect(sandbox.core.stats.refusals == 1)
    }

    @Test func `is told the caller's time when the sandbox is fast`() {
        var sandbox = SandboxFixture {
            $0.tokensPerMinute = 30_000
            $0.speed = 20
        }
        _ = sandbox.chat("", tokensMax: 26_860)

        let refused = sandbox.chat("", tokensMax: 8135).response

        #expect(refused[header: "retry-after"] == "1")
        #expect(refused[header: "retry-after-ms"] == "499")
    }

    @Test func `is told to shrink when it would never fit`() {
        var sandbox = SandboxFixture { $0.tokensPerMinute = 1000 }

        let refused = sandbox.chat(tokensMax: 2000)

        #expect(refused.response.status == 429)
        #expect(refused.response.json["error"]?["message"]?.text?.hasPrefix("Request too large") == true)
        #expect(refused.response[header: "retry-after"] == nil)
    }

    @Test(arguments: [
        ("sbx-429", 429, "rate_limit_exceeded"), ("sbx-429-quota", 429, "insufficient_quota"),
        ("sbx-429-slow-down", 429, "slow_down"), ("sbx-401", 401, "invalid_api_key"),
        ("sbx-404", 404, "model_not_found"), ("gpt-4-turbo", 404, "model_not_found"), ("sbx-500", 500, "server_error"),
        ("sbx-503", 503, "server_is_overloaded"), ("sbx-400", 400, "invalid_value"),
    ])
    func `can be asked for by the model's name`(model: String, status: Int, code: String) {
        var sandbox = SandboxFixture()

        let plan = sandbox.chat(model: model)

        #expect(plan.response.status == status)
        #expect(plan.errorCode == code)
    }

    @Test(arguments: [nil, "", "sk-invalid-1"] as [String?])
    func `lacks a good key`(key: String?) {
        var sandbox = SandboxFixture()

        #expect(sandbox.call("GET", "/v1/models", key: key).response.status == 401)
        #expect(sandbox.call("GET", "/v1/account", key: key).response.json["title"] == "Unauthenticated")
    }

    @Test(arguments: [
        ("{", nil), ("[]", nil), (#"{"messages":[]}"#, "model"), (#"{"model":"m","messages":[]}"#, "messages"),
        (#"{"model":"m","messages":[{"role":"king","content":""}]}"#, "messages[0].role"),
        (#"{"model":"m","messages":[{"role":"user","content":7}]}"#, "messages[0].content"),
        (#"{"model":"m","messages":[{"role":"user","content":""}],"n":0}"#, "n"),
        (#"{"model":"m","messages":[{"role":"user","content":""}],"temperature":3}"#, "temperature"),
        (#"{"model":"m","messages":[{"role":"user","content":""}],"wish":1}"#, "wish"),
        (#"{"model":"m","messages":[{"role":"user","content":""}],"stream_options":{}}"#, "stream_options"),
        (
            #"{"model":"o9","messages":[{"role":"user","content":""}],"max_completion_tokens":0}"#,
            "max_completion_tokens"
        ),
        (#"{"model":"gpt-6-sol","messages":[{"role":"user","content":""}],"max_tokens":9}"#, "max_tokens"),
    ])
    func `is wrong in a way it is told`(body: String, param: String?) {
        var sandbox = SandboxFixture()
        let request = ProviderRequest(
            method: "POST", path: "/v1/chat/completions", headers: ["authorization": "Bearer x"],
            body: Array(body.utf8))

        let response = sandbox.core.handle(request, at: .zero).plan.response

        #expect(response.status == 400)
        #expect(response.json["error"]?["param"]?.text == param)
        #expect(response.json["error"]?.object?.members.map(\.name) == ["message", "type", "param", "code"])
    }

    @Test(arguments: [
        (#"{"type":"array","items":{"type":"string"}}"#, "of type 'object'"),
        (#"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"#, "additionalProperties"),
        (
            #"{"type":"object","properties":{"a":{"type":"string"}},"required":[],"additionalProperties":false}"#,
            "'a' is missing"
        ),
        (#"{"type":"object","properties":{},"required":["b"],"additionalProperties":false}"#, "'b'"),
        (
            #"{"type":"object","properties":{"a":{"allOf":[]}},"required":["a"],"additionalProperties":false}"#,
            "'allOf' is not permitted"
        ),
        (
            #"{"type":"object","properties":{"a":{"type":"array"}},"required":["a"],"additionalProperties":false}"#,
            "missing items"
        ),
        (
            ##"{"type":"object","properties":{"a":{"$ref":"#/$defs/x"}},"required":["a"],"additionalProperties":false}"##,
            "points nowhere"
        ),
        (
            #"{"type":"object","properties":{"a":{"type":"text"}},"required":["a"],"additionalProperties":false}"#,
            "'text' is not a type"
        ),
    ])
    func `has a schema that is not of the strict subset`(schema: String, problem: String) throws {
        var sandbox = SandboxFixture()

        let plan = sandbox.chat(schema: ("thing", try JSONValue(parsing: Array(schema.utf8))))

        #expect(plan.response.status == 400)
        #expect(plan.response.json["error"]?["param"] == "response_format")
        #expect(plan.response.json["error"]?["message"]?.text?.contains(problem) == true)
    }
}
