import FoundationEssentials
import HTTPTypes
import Outbound

extension ReplicateClient {
    /// Files may be moved to a storage host; each hop passes the destination guard anew.
    private static let hopsMax = 3

    package func download(_ url: String, deadline: Duration) async throws -> ImageFile {
        let begun = now()
        var address = try parse(url)
        for _ in 0...Self.hopsMax {
            let left = deadline - .seconds(now().timeIntervalSince(begun))
            let response = try await send(request(for: address), deadline: left)
            if (300..<400).contains(response.status), let location = response.headers[.location] {
                address = try parse(location)
                continue
            }
            if response.status == 404 || response.status == 410 {
                throw ProviderError(.gone, "The image provider has deleted the image", retry: .never)
            }
            guard response.isSuccess else { throw ReplicateFailure.error(response, now: now()) }
            return try ImageFile(checking: response.body)
        }
        throw ProviderError(.malformed, "The image's address redirects in a circle", retry: .never)
    }

    private func request(for url: OutboundURL) -> OutboundRequest {
        OutboundRequest(
            .get, url, authorization: isOurs(url) ? .bearer(settings.key) : nil,
            responseBytesMax: ImageFile.bytesMax)
    }

    /// The key goes to the API's own hosts only, wherever an answer's address may point.
    private func isOurs(_ url: OutboundURL) -> Bool {
        if url.origin == settings.baseURL.origin || settings.fileOrigins.contains(url.origin) { return true }
        let delivery = "replicate.delivery"
        return url.scheme == .https && url.port == 443 && (url.host == delivery || url.host.hasSuffix(".\(delivery)"))
    }

    private func parse(_ text: String) throws -> OutboundURL {
        do { return try OutboundURL(text) } catch {
            throw ProviderError(
                .malformed, "The image provider gave an address that cannot be called", retry: .never, cause: error)
        }
    }
}
