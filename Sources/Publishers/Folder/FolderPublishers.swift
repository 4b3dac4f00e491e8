import FoundationEssentials
import Synchronization

/// The folder publishers of one root, one per site, kept: each remembers its posts and reads only what has changed.
package final class FolderPublishers: Sendable {
    private let root: String
    private let now: @Sendable () -> Date
    private let sites = Mutex<[String: FolderPublisher]>([:])

    /// Beyond this many sites all are forgotten and read again when they publish.
    static let sitesMax = 1_000

    package init(root: String, now: @escaping @Sendable () -> Date) {
        self.root = root
        self.now = now
    }

    /// - Parameter title: what readers see as the site's name; counts when the site is asked for first.
    package func publisher(site: String, title: String? = nil) -> FolderPublisher {
        sites.withLock { sites in
            if let known = sites[site] { return known }
            if sites.count >= Self.sitesMax { sites.removeAll() }
            let made = FolderPublisher(root: root, site: site, title: title, now: now)
            sites[site] = made
            return made
        }
    }
}
