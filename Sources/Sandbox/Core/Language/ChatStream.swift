/// The events of a streamed completion.
package struct ChatStream {
    private static let pieceLength = 60

    /// The events, each with its blank line, `[DONE]` last.
    package static func events(of completion: ChatCompletion, for request: ChatRequest) -> [[UInt8]] {
        var chunks: [JSONValue] = []
        for (index, choice) in completion.choices.enumerated() {
            chunks.append(delta(["role": "assistant", "content": "", "refusal": nil], index: index))
            if let refusal = choice.refusal {
                chunks.append(delta(["refusal": .string(refusal)], index: index))
            } else {
                chunks += pieces(of: choice.text).map { delta(["content": .string($0)], index: index) }
            }
            chunks.append(delta([:], index: index, finishReason: choice.finishReason))
        }
        var events = chunks.map { event(with: .array([$0]), of: completion, for: request) }
        if request.streamsUsage {
            events.append(event(with: [], usage: completion.usage.json, of: completion, for: request))
        }
        return events + [Array("data: [DONE]\n\n".utf8)]
    }

    /// An error inside a stream that began with 200.
    package static let errorEvent = Array(
        (#"data: {"error":{"message":"The server had an error while processing your request.","#
            + #""type":"server_error","param":null,"code":"server_error"}}"# + "\n\n").utf8)

    static func pieces(of text: String) -> [String] {
        var pieces: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(pieceLength)))
            rest = rest.dropFirst(pieceLength)
        }
        return pieces
    }

    private static func delta(_ delta: JSONValue, index: Int, finishReason: String? = nil) -> JSONValue {
        ["index": .int(index), "delta": delta, "logprobs": nil, "finish_reason": JSONValue(finishReason)]
    }

    private static func event(
        with choices: JSONValue, usage: JSONValue = nil, of completion: ChatCompletion, for request: ChatRequest
    ) -> [UInt8] {
        var chunk = JSONObject([
            ("id", .string(completion.id)), ("object", "chat.completion.chunk"), ("created", .int(completion.created)),
            ("model", .string(completion.model)), ("service_tier", "default"), ("system_fingerprint", "fp_sandbox"),
            ("choices", choices),
        ])
        if request.streamsUsage { chunk["usage"] = usage }
        if request.obfuscates { chunk["obfuscation"] = "xyz" }
        return Array("data: ".utf8) + JSONValue.object(chunk).bytes + Array("\n\n".utf8)
    }
}
