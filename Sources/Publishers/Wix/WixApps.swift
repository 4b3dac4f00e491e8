import FoundationEssentials
import Outbound
import Synchronization

/// The apps that open our sites: the installation's own, and those that single sites have of their own.
package final class WixApps: Sendable {
    /// Beyond this many the apps of single sites are forgotten, with their tokens, and learned again.
    static let appsMax = 1_000

    private struct Key: Hashable {
        let id: String
        let secret: Secret
    }
    /// Nil where none is configured.
    package let own: WixPublishers?
    private let template: WixApp
    private let make: @Sendable (WixApp) -> WixPublishers
    private let others = Mutex<[Key: WixPublishers]>([:])

    /// - Parameters:
    ///   - own: the installation's app.
    ///   - template: where Wix is, and where authors' addresses end, for apps of single sites.
    ///   - clock: for deadlines and for the life of tokens.
    ///   - now: the wall clock, for `Retry-After` dates.
    package init(
        own: WixApp?, template: WixApp, transport: any Transport, clock: some Clock<Duration>,
        now: @escaping @Sendable () -> Date
    ) {
        make = { WixPublishers($0, transport: transport, clock: clock, now: now) }
        self.own = own.map(make)
        self.template = template
    }

    /// The publishers of a single site's app; the same ones each time, so that its tokens are asked for once.
    package func publishers(appID: String, secret: Secret) -> WixPublishers {
        let key = Key(id: appID, secret: secret)
        return others.withLock { others in
            if let known = others[key] { return known }
            if others.count >= Self.appsMax { others.removeAll() }
            var app = template
            app.id = appID
            app.secret = secret
            let made = make(app)
            others[key] = made
            return made
        }
    }
}
