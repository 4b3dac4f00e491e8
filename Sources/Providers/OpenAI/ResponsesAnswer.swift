import FoundationEssentials
import Outbound

/// A successful answer of `/responses`.
struct ResponsesAnswer {
    private let response: OutboundResponse
    private let now: Date

    init(_ response: OutboundResponse, now: Date) {
        self.response = response
        self.now = now
    }

    func completion() throws(ProviderError) -> Completion {
        let answer = try OpenAIAnswer(response, now: now, counts: .responses)
        let parts = (answer.json["output"]?.array ?? []).filter { $0["type"]?.string == "message" }
            .flatMap { $0["content"]?.array ?? [] }
        if let refusal = parts.first(where: { $0["type"]?.string == "refusal" })?["refusal"]?.string, !refusal.isEmpty {
            throw answer.refusal
        }
        try requireWhole(answer)
        let text = parts.filter { $0["type"]?.string == "output_text" }.compactMap { $0["text"]?.string }.joined()
        return try answer.completion(text, finishReason: "stop")
    }

    private func requireWhole(_ answer: OpenAIAnswer) throws(ProviderError) {
        switch (answer.json["status"]?.string, answer.json["incomplete_details"]?["reason"]?.string) {
        case ("incomplete", "content_filter"): throw answer.filtered
        case ("incomplete", _): throw answer.truncated
        case ("failed", _), ("cancelled", _):
            throw answer.failure(.unavailable, "The language model did not finish its answer")
        default: break
        }
    }
}
