import FoundationEssentials
import HTTPTypes
import Outbound

/// Fetches a picture from an address that somebody else wrote: a provider in its answer, or a shop in its catalogue.
///
/// Each hop passes the transport's destination guard anew, no more is read than a picture may have, and its type, size
/// and dimensions are checked before anyone decodes it.
struct ImageDownload: Sendable {
    /// Files may be moved to a storage host.
    private static let hopsMax = 3

    let transport: any Transport
    /// The wall clock, for the deadline over several hops and for `Retry-After` dates.
    let now: @Sendable () -> Date
    /// The key, for an address that may see it; asked anew for each hop.
    let authorization: @Sendable (OutboundURL) -> OutboundRequest.Authorization?
    /// What an error answer means, where the server is a known one.
    var failure: @Sendable (OutboundResponse, Date) -> ProviderError = { ImageDownload.failureOfAnyServer($0, now: $1) }

    /// - Parameter deadline: from now, for all hops together.
    /// - Throws: ``ProviderError/Code/gone`` when there is no picture any more; ``ProviderError/Code/malformed`` when
    ///   what comes is none, or beyond the limits of ``ImageFile``; ``ProviderError/Code/rejected`` when the guard
    ///   forbids the address.
    func image(at url: String, deadline: Duration) async throws -> ImageFile {
        let begun = now()
        var address = try Self.parse(url)
        for _ in 0...Self.hopsMax {
            let left = deadline - .seconds(now().timeIntervalSince(begun))
            let response = try await fetch(address, deadline: left)
            if (300..<400).contains(response.status), let location = response.headers[.location] {
                address = try Self.parse(location)
                continue
            }
            if response.status == 404 || response.status == 410 {
                throw ProviderError(.gone, "The image is no longer there", retry: .never)
            }
            guard response.isSuccess else { throw failure(response, now()) }
            return try ImageFile(checking: response.body)
        }
        throw ProviderError(.malformed, "The image's address redirects in a circle", retry: .never)
    }

    private func fetch(_ url: OutboundURL, deadline: Duration) async throws -> OutboundResponse {
        let request = OutboundRequest(
            .get, url, authorization: authorization(url), responseBytesMax: ImageFile.bytesMax)
        do { return try await transport.send(request, deadline: deadline) } catch {
            throw ProviderError.wrapping(error, provider: "image")
        }
    }

    private static func parse(_ text: String) throws -> OutboundURL {
        do { return try OutboundURL(text) } catch {
            throw ProviderError(
                .malformed, "The image's address is none that can be called", retry: .never, cause: error)
        }
    }

    /// Of a server of which nothing is known: its refusals are its own, and no reason for others to wait.
    private static func failureOfAnyServer(_ response: OutboundResponse, now: Date) -> ProviderError {
        switch response.status {
        case 408, 425, 429, 500...599:
            let wait = RetryAfter.wait(in: response.headers, now: now)
            return ProviderError(
                .unavailable, "The image's server cannot answer now (\(response.status))",
                retry: wait.map { .after($0) } ?? .backoff)
        default:
            return ProviderError(
                .rejected, "The image's server does not give it out (\(response.status))", retry: .never)
        }
    }
}
