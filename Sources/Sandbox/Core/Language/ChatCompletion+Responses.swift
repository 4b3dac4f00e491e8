/// A completion as `/v1/responses` tells it.
extension ChatCompletion {
    var responseJSON: JSONValue { responseJSON(status: status, output: [item], usage: responseUsage) }

    /// The events of a streamed answer; there is no `[DONE]`.
    var responseEvents: [[UInt8]] {
        let begun = responseJSON(status: "in_progress", output: [], usage: nil)
        var events: [(String, JSONObject)] = [
            ("response.created", JSONObject([("response", begun)])),
            ("response.in_progress", JSONObject([("response", begun)])),
            (
                "response.output_item.added",
                JSONObject([("output_index", 0), ("item", item(content: [], "in_progress"))])
            ),
        ]
        if let refusal = choices.first?.refusal {
            events.append(("response.refusal.done", place([("refusal", .string(refusal))])))
        } else {
            let text = choices.first?.text ?? ""
            let empty: JSONValue = ["type": "output_text", "text": "", "annotations": []]
            events.append(("response.content_part.added", place([("part", empty)])))
            events += ChatStream.pieces(of: text).map {
                ("response.output_text.delta", place([("delta", .string($0)), ("logprobs", [])]))
            }
            events.append(("response.output_text.done", place([("text", .string(text)), ("logprobs", [])])))
            events.append(("response.content_part.done", place([("part", part)])))
        }
        events.append(("response.output_item.done", JSONObject([("output_index", 0), ("item", item)])))
        let name = status == "completed" ? "response.completed" : "response.incomplete"
        events.append((name, JSONObject([("response", responseJSON)])))
        return events.enumerated().map { number, event in
            var body = event.1
            body["type"] = .string(event.0)
            body["sequence_number"] = .int(number)
            return Array("event: \(event.0)\ndata: ".utf8) + JSONValue.object(body).bytes + Array("\n\n".utf8)
        }
    }

    private var status: String {
        ["length", "content_filter"].contains(choices.first?.finishReason ?? "stop") ? "incomplete" : "completed"
    }

    private func responseJSON(status: String, output: [JSONValue], usage: JSONValue?) -> JSONValue {
        let reason: String? =
            switch choices.first?.finishReason {
            case "length": "max_output_tokens"
            case "content_filter": "content_filter"
            default: nil
            }
        let details: JSONValue = status == "incomplete" ? ["reason": JSONValue(reason)] : nil
        return [
            "id": .string(responseID), "object": "response", "created_at": .int(created), "status": .string(status),
            "background": false, "error": nil, "incomplete_details": details, "instructions": nil,
            "max_output_tokens": nil, "model": .string(model), "output": .array(output), "parallel_tool_calls": true,
            "previous_response_id": nil, "reasoning": ["effort": nil, "summary": nil], "store": false,
            "temperature": 1, "text": ["format": ["type": "text"]], "tool_choice": "auto", "tools": [], "top_p": 1,
            "truncation": "disabled", "usage": usage ?? nil, "metadata": .object(JSONObject()),
        ]
    }

    private var responseID: String { "resp_\(id.drop { $0 != "-" }.dropFirst())" }

    private var item: JSONValue { item(content: [part], status) }

    private func item(content: [JSONValue], _ status: String) -> JSONValue {
        [
            "type": "message", "id": .string("msg_\(id.drop { $0 != "-" }.dropFirst())"), "status": .string(status),
            "role": "assistant", "content": .array(content),
        ]
    }

    private var part: JSONValue {
        if let refusal = choices.first?.refusal { return ["type": "refusal", "refusal": .string(refusal)] }
        return ["type": "output_text", "text": .string(choices.first?.text ?? ""), "annotations": [], "logprobs": []]
    }

    private func place(_ members: [(String, JSONValue)]) -> JSONObject {
        JSONObject(
            [
                ("item_id", .string("msg_\(id.drop { $0 != "-" }.dropFirst())")), ("output_index", 0),
                ("content_index", 0),
            ] + members)
    }

    private var responseUsage: JSONValue {
        [
            "input_tokens": .int(usage.promptTokens), "input_tokens_details": ["cached_tokens": 0],
            "output_tokens": .int(usage.completionTokens), "output_tokens_details": ["reasoning_tokens": 0],
            "total_tokens": .int(usage.promptTokens + usage.completionTokens),
        ]
    }
}
