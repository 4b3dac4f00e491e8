import FoundationEssentials
import Outbound

extension ReplicateClient {
    package func download(_ url: String, deadline: Duration) async throws -> ImageFile {
        let download = ImageDownload(
            transport: transport, now: now,
            authorization: { url in isOurs(url) ? .bearer(settings.key) : nil },
            failure: { response, now in ReplicateFailure.error(response, now: now) })
        return try await download.image(at: url, deadline: deadline)
    }

    /// The key goes to the API's own hosts only, wherever an answer's address may point.
    private func isOurs(_ url: OutboundURL) -> Bool {
        if url.origin == settings.baseURL.origin || settings.fileOrigins.contains(url.origin) { return true }
        let delivery = "replicate.delivery"
        return url.scheme == .https && url.port == 443 && (url.host == delivery || url.host.hasSuffix(".\(delivery)"))
    }
}
