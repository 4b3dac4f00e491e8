import FoundationEssentials
import HTTPTypes
import Outbound

/// A successful answer, read leniently: compatible servers leave out or bend much of it.
struct ChatResponse {
    private let response: OutboundResponse
    private let now: Date

    init(_ response: OutboundResponse, now: Date) {
        self.response = response
        self.now = now
    }

    func completion() throws(ProviderError) -> Completion {
        guard let json = JSON(response.body), json.object != nil else {
            throw failure(.malformed, "The language model answered with something that is not JSON", json: nil)
        }
        // Some servers report a failure inside a success.
        if let error = json["error"], !error.isNull { throw OpenAIFailure(response, now: now).error }
        guard let choice = json["choices"]?[0], let message = choice["message"] else {
            throw failure(.malformed, "The language model's answer has no choice", json: json)
        }
        let finish = choice["finish_reason"]?.string
        try refuseUseless(message, finish: finish, json: json)
        guard let content = Self.text(message["content"]), !content.isEmpty else {
            throw failure(.malformed, "The language model's answer is empty", json: json)
        }
        return Completion(
            content: content, finishReason: finish, usage: Self.usage(json["usage"]),
            model: json["model"]?.string ?? "", requestID: response.requestID, rateLimits: .init(response.headers))
    }

    private func refuseUseless(_ message: JSON, finish: String?, json: JSON) throws(ProviderError) {
        if let refusal = message["refusal"]?.string, !refusal.isEmpty {
            throw failure(
                .refused, "The language model declines to write this", "Change the subject or the wording.", .never,
                json: json)
        }
        if finish == "content_filter" {
            throw failure(
                .contentFiltered, "The provider's safety filter stopped the answer",
                "Change the subject or the wording.", .never, json: json)
        }
        if finish == "length" {
            throw failure(
                .truncated, "The answer was cut off at the token limit", "Raise the output token limit.", json: json)
        }
    }

    private func failure(
        _ code: ProviderError.Code, _ message: String, _ hint: String? = nil,
        _ retry: ProviderError.Retry = .backoff, json: JSON?
    ) -> ProviderError {
        ProviderError(
            code, message, hint: hint, retry: retry, usage: Self.usage(json?["usage"]),
            requestID: response.requestID)
    }

    /// Text, or the texts of a list of parts.
    private static func text(_ content: JSON?) -> String? {
        content?.string ?? content?.array.map { $0.compactMap { $0["text"]?.string }.joined() }
    }

    static func usage(_ json: JSON?) -> TokenUse? {
        guard let input = json?["prompt_tokens"]?.integer, let output = json?["completion_tokens"]?.integer,
            input >= 0, output >= 0
        else { return nil }
        let cached = json?["prompt_tokens_details"]?["cached_tokens"]?.integer ?? 0
        return TokenUse(inputTokens: input, outputTokens: output, cachedTokens: min(max(cached, 0), input))
    }
}

extension OutboundResponse {
    /// The provider's name for this call, for its support; nil when missing or not printable.
    var requestID: String? {
        headers[.requestID].flatMap { id in
            !id.isEmpty && id.utf8.count <= 128 && id.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? id : nil
        }
    }
}
