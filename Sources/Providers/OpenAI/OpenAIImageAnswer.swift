import FoundationEssentials
import Outbound

/// A successful answer of `/images/generations`, read leniently.
struct OpenAIImageAnswer {
    enum Picture {
        case inBase64(String)
        case elsewhere(url: String)
    }

    let picture: Picture
    /// Nil when the server does not count.
    let usage: TokenUse?

    /// - Throws: ``ProviderError/Code/malformed`` when there is no picture in it, or the failure that it reports.
    init(_ response: OutboundResponse, now: Date) throws(ProviderError) {
        let answer = try OpenAIAnswer(response, now: now, use: .pictures, counts: .responses)
        usage = answer.usage
        guard let picture = Self.picture(answer.json["data"]?[0]) else {
            throw answer.failure(.malformed, "The image model's answer has no picture")
        }
        self.picture = picture
    }

    private static func picture(_ item: JSON?) -> Picture? {
        if let text = item?["b64_json"]?.string, !text.isEmpty { return .inBase64(text) }
        if let url = item?["url"]?.string, !url.isEmpty { return .elsewhere(url: url) }
        return nil
    }
}
