import FoundationEssentials
import NIOPosix

/// Publishes into a folder: no account, nothing to install, everything to look at.
///
/// Several processes may publish into the same folder. See ``SiteFolder`` for what lies where.
package struct FolderPublisher: Publisher {
    private let folder: SiteFolder
    private let threads: NIOThreadPool

    /// - Parameters:
    ///   - root: made when missing; holds one folder per site.
    ///   - site: the site's stable id. Cleaned for its folder's name; two ids never share a folder.
    ///   - title: what readers see; the id when nil.
    ///   - now: the wall clock, for the log.
    ///   - threads: where files are written, because writing blocks.
    package init(
        root: String, site: String, title: String? = nil, threads: NIOThreadPool = .singleton,
        now: @escaping @Sendable () -> Date
    ) {
        let name = Slug.unique(for: site, fallback: "site")
        let base = root.isEmpty ? "." : root == "/" ? "" : root.hasSuffix("/") ? String(root.dropLast()) : root
        folder = SiteFolder(path: "\(base)/\(name)", title: title ?? site, now: now)
        self.threads = threads
    }

    package func createDraft(_ post: Post, marker: String, deadline: Duration) async throws -> DraftReceipt {
        try PostLimits.check(post, marker: marker)
        return try await locked(deadline) { folder in
            let record = try folder.create(post, marker: marker)
            return DraftReceipt(id: PostID(record.slug), url: folder.url(of: record.slug))
        }
    }

    package func publish(_ draft: PostID, deadline: Duration) async throws -> PublishedReceipt {
        guard let slug = Slug(exact: draft.text) else {
            throw PublisherError(.draftMissing, "This is no name of a post in a folder", retry: .never)
        }
        return try await locked(deadline) { folder in
            let record = try folder.publish(slug)
            return PublishedReceipt(id: draft, url: folder.url(of: record.slug))
        }
    }

    package func strays(of posts: [MarkedPost], deadline: Duration) async throws -> [String: [PostID]] {
        try await locked(deadline) { try $0.strays(of: posts) }
    }

    package func remove(_ post: PostID, deadline: Duration) async throws {
        guard let slug = Slug(exact: post.text) else { return }
        try await locked(deadline) { try $0.remove(slug) }
    }

    package func checkConnection(deadline: Duration) async throws -> String {
        try await locked(deadline) { folder in
            try folder.probe()
            return "Posts go to \(FolderTree.real(folder.path))"
        }
    }

    /// The folder that this site's posts appear in, as given by the root: for telling people where to look.
    package var path: String { folder.path }

    private func locked<Value: Sendable>(
        _ deadline: Duration, _ body: @escaping @Sendable (SiteFolder) throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        let folder = folder
        return try await threads.runIfActive { try folder.locked(deadline) { try body(folder) } }
    }
}

extension SiteFolder {
    /// `file://` and the page's absolute path.
    fileprivate func url(of slug: String) -> String {
        let path = FolderTree.real("\(path)/\(slug)") + "/index.html"
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/".utf8)
        return "file://"
            + path.utf8.map { byte in
                plain.contains(byte)
                    ? String(Unicode.Scalar(byte))
                    : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }.joined()
    }
}
