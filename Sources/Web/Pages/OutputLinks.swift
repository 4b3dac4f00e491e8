import Foundation

/// Where a published article can be opened from a page of this server.
struct OutputLinks: Sendable {
    /// The real path of the folder that is served under `/output/`; nil when none is.
    private let root: String?

    init(folder: String?) {
        root = folder.map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().standardizedFileURL.path }
    }

    /// An address that a browser may follow: the web's, or that of a file in the served folder. Nil for anything else.
    func link(to url: String?) -> String? {
        guard let url else { return nil }
        if url.hasPrefix("https://") || url.hasPrefix("http://") { return url }
        guard let root, url.hasPrefix("file://"), let file = URL(string: url)?.standardizedFileURL.path,
            file.hasPrefix(root + "/")
        else { return nil }
        let inside = file.dropFirst(root.count + 1)
        return "/output/" + (inside.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? "")
    }
}
