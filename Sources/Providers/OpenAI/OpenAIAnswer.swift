import FoundationEssentials
import Outbound

/// The body of a success, before anybody reads what was asked for: what OpenAI's protocols have in common.
struct OpenAIAnswer {
    /// How a protocol names the tokens that it counts.
    enum Counts {
        case chat
        /// Pictures are counted the same way.
        case responses
    }

    let json: JSON
    /// Nil when the server does not count, or counts what cannot be.
    let usage: TokenUse?
    private let response: OutboundResponse

    /// - Throws: ``ProviderError/Code/malformed`` for what is no JSON object; the failure that it reports, since some servers
    ///   report one inside a success.
    init(
        _ response: OutboundResponse, now: Date, use: OpenAIUse = .texts, counts: Counts
    ) throws(ProviderError) {
        guard let json = JSON(response.body), json.object != nil else {
            throw ProviderError(
                .malformed, "The \(use.name) answered with something that is not JSON", retry: .backoff,
                requestID: response.requestID)
        }
        if let error = json["error"], !error.isNull { throw OpenAIFailure(response, now: now, use: use).error }
        self.json = json
        self.response = response
        usage = Self.usage(json["usage"], counts)
    }

    /// - Throws: ``ProviderError/Code/malformed`` for a text that is missing or empty.
    func completion(_ text: String?, finishReason: String?) throws(ProviderError) -> Completion {
        guard let text, !text.isEmpty else { throw failure(.malformed, "The language model's answer is empty") }
        return Completion(
            content: text, finishReason: finishReason, usage: usage, model: json["model"]?.string ?? "",
            requestID: response.requestID, rateLimits: .init(response.headers))
    }

    var refusal: ProviderError {
        failure(
            .refused, "The language model declines to write this", hint: "Change the subject or the wording.",
            retry: .never)
    }
    var filtered: ProviderError {
        failure(
            .contentFiltered, "The provider's safety filter stopped the answer",
            hint: "Change the subject or the wording.", retry: .never)
    }
    var truncated: ProviderError {
        failure(.truncated, "The answer was cut off at the token limit", hint: "Raise the output token limit.")
    }

    /// With what the call has cost all the same.
    func failure(
        _ code: ProviderError.Code, _ message: String, hint: String? = nil,
        retry: ProviderError.Retry = .backoff
    ) -> ProviderError {
        ProviderError(code, message, hint: hint, retry: retry, usage: usage, requestID: response.requestID)
    }

    private static func usage(_ json: JSON?, _ counts: Counts) -> TokenUse? {
        let (inputName, outputName) =
            switch counts {
            case .chat: ("prompt_tokens", "completion_tokens")
            case .responses: ("input_tokens", "output_tokens")
            }
        guard let input = json?[inputName]?.integer, let output = json?[outputName]?.integer,
            TokenUse.bounds.contains(input), TokenUse.bounds.contains(output)
        else { return nil }
        let cached = json?["\(inputName)_details"]?["cached_tokens"]?.integer ?? 0
        let thought = json?["\(outputName)_details"]?["reasoning_tokens"]?.integer ?? 0
        return TokenUse(
            inputTokens: input, outputTokens: output, reasoningTokens: min(max(thought, 0), output),
            cachedTokens: min(max(cached, 0), input))
    }
}
