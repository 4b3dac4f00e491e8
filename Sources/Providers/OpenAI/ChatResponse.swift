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
        let answer = try OpenAIAnswer(response, now: now, counts: .chat)
        guard let choice = answer.json["choices"]?[0], let message = choice["message"] else {
            throw answer.failure(.malformed, "The language model's answer has no choice")
        }
        let finish = choice["finish_reason"]?.string
        if let refusal = message["refusal"]?.string, !refusal.isEmpty { throw answer.refusal }
        if finish == "content_filter" { throw answer.filtered }
        if finish == "length" { throw answer.truncated }
        return try answer.completion(Self.text(message["content"]), finishReason: finish)
    }

    /// Text, or the texts of a list of parts.
    private static func text(_ content: JSON?) -> String? {
        content?.string ?? content?.array.map { $0.compactMap { $0["text"]?.string }.joined() }
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
