/// A finished completion, to be put on the wire in one piece or in many.
package struct ChatCompletion: Sendable {
    package struct Choice: Sendable {
        package var text: String
        package var refusal: String?
        package var finishReason = "stop"
    }

    package struct Usage: Sendable, Equatable {
        package var promptTokens: Int
        package var completionTokens: Int

        package var json: JSONValue {
            [
                "prompt_tokens": .int(promptTokens), "completion_tokens": .int(completionTokens),
                "total_tokens": .int(promptTokens + completionTokens),
                "prompt_tokens_details": ["cached_tokens": 0, "audio_tokens": 0],
                "completion_tokens_details": [
                    "reasoning_tokens": 0, "audio_tokens": 0, "accepted_prediction_tokens": 0,
                    "rejected_prediction_tokens": 0,
                ],
            ]
        }
    }

    package let id: String
    /// Unix time in seconds.
    package let created: Int
    /// The dated snapshot that answered, not the name that was asked for.
    package let model: String
    package var choices: [Choice]
    package var usage: Usage

    package var json: JSONValue {
        [
            "id": .string(id), "object": "chat.completion", "created": .int(created), "model": .string(model),
            "choices": .array(choices.enumerated().map { json(of: $1, index: $0) }),
            "usage": usage.json, "service_tier": "default", "system_fingerprint": "fp_sandbox",
        ]
    }

    private func json(of choice: Choice, index: Int) -> JSONValue {
        let content: JSONValue = choice.refusal == nil ? .string(choice.text) : .null
        return [
            "index": .int(index),
            "message": [
                "role": "assistant", "content": content, "refusal": JSONValue(choice.refusal), "annotations": [],
            ],
            "logprobs": nil, "finish_reason": .string(choice.finishReason),
        ]
    }
}
