import FoundationEssentials
import HTTPTypes
import Outbound

extension ReplicateClient {
    /// A hundred orders each; more than an hour's worth has no files any more.
    private static let pagesMax = 20

    package func find(marker: String, since: Date, deadline: Duration) async throws -> ImageTicket? {
        let begun = now()
        let seed = Prediction.seed(of: marker)
        let after = OutboundURL.escape(since.formatted(.iso8601))
        var url: OutboundURL? = settings.baseURL.appending("predictions", query: "created_after=\(after)")
        for _ in 0..<Self.pagesMax {
            guard let page = url else { return nil }
            let left = deadline - .seconds(now().timeIntervalSince(begun))
            let (predictions, next) = try await list(page, deadline: left)
            if let found = predictions.first(where: { $0.seed == seed && !$0.isFailed }) { return found.ticket }
            url = next
        }
        return nil
    }

    private func list(
        _ url: OutboundURL, deadline: Duration
    ) async throws -> (predictions: [Prediction], next: OutboundURL?) {
        let response = try await send(
            OutboundRequest(.get, url, authorization: .bearer(settings.key)), deadline: deadline)
        guard response.isSuccess else { throw ReplicateFailure.error(response, now: now()) }
        guard let json = JSON(response.body), let results = json["results"]?.array else {
            throw ProviderError(.malformed, "The image provider's list is not what its protocol says", retry: .backoff)
        }
        return (results.compactMap(Prediction.init), json["next"]?.string.flatMap(nextPage))
    }

    /// The provider's link is followed as it stands, but the key goes to nobody else.
    private func nextPage(_ text: String) -> OutboundURL? {
        guard let url = try? OutboundURL(text) else { return nil }  // The list then ends here.
        return url.origin == settings.baseURL.origin ? url : nil
    }
}
