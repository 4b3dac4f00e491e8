import FoundationEssentials
import Outbound

/// Pictures that are on the web already, such as a product's own: their addresses are what a tenant or a shop wrote.
///
/// - Note: give it a transport that trusts no address for being in the configuration: a model server of our own is none
///   that a tenant may have called.
package struct WebImages: ImageSource {
    let transport: any Transport
    let now: @Sendable () -> Date

    /// - Parameter now: the wall clock.
    package init(transport: any Transport, now: @escaping @Sendable () -> Date) {
        self.transport = transport
        self.now = now
    }

    package func download(_ url: String, deadline: Duration) async throws -> ImageFile {
        let download = ImageDownload(transport: transport, now: now, authorization: { _ in nil })
        return try await download.image(at: url, deadline: deadline)
    }
}
