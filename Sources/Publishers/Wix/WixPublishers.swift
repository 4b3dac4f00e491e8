import FoundationEssentials
import Outbound
import Synchronization

/// The Wix publishers of one app, one per site, kept: each remembers its token, its authors and its tags.
package final class WixPublishers: Sendable {
    private let app: WixApp
    private let tokens: WixTokens
    private let transport: any Transport
    private let uptime: @Sendable () -> Duration
    private let now: @Sendable () -> Date
    private let sites = Mutex<[String: WixSite]>([:])

    /// Beyond this many sites all are forgotten, and learned again when they publish.
    static let sitesMax = 1_000

    /// - Parameters:
    ///   - clock: for deadlines and for the life of tokens.
    ///   - now: the wall clock, for `Retry-After` dates.
    package init(
        _ app: WixApp, transport: any Transport, clock: some Clock<Duration>, now: @escaping @Sendable () -> Date
    ) {
        self.app = app
        self.transport = transport
        self.now = now
        let start = clock.now
        uptime = { start.duration(to: clock.now) }
        tokens = WixTokens(app, transport: transport, uptime: uptime, now: now)
    }

    /// - Parameter instance: the site's instance of our app, a GUID.
    package func publisher(instance: String) -> WixPublisher { WixPublisher(site(instance)) }

    /// A product of the site's store; nil when it has none of this id, or no store.
    ///
    /// - Throws: ``PublisherError``; `CancellationError`.
    package func product(_ id: String, instance: String, deadline: Duration) async throws -> WixProduct? {
        let site = site(instance)
        return try await site.product(id, until: site.deadline(in: deadline))
    }

    private func site(_ instance: String) -> WixSite {
        sites.withLock { sites in
            if let known = sites[instance] { return known }
            if sites.count >= Self.sitesMax { sites.removeAll() }
            let made = WixSite(instance, app, tokens, transport, uptime: uptime, now: now)
            sites[instance] = made
            return made
        }
    }
}
