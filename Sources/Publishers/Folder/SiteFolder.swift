import FoundationEssentials
import Synchronization

/// One site's folder on disk. Every verb is synchronous, holds the site's lock and leaves the folder whole.
///
/// ```
/// output/<site>/index.html                all posts
/// output/<site>/<slug>/index.md           the post: front matter and Markdown. The truth.
/// output/<site>/<slug>/index.html         the same for reading, made from it
/// output/<site>/<slug>/image.png
/// output/<site>/.pressroom/log.ndjson     what happened
/// output/<site>/.pressroom/lock           held while writing
/// ```
///
/// A post appears whole: it is built in `.pressroom/incoming` and moved into place. Everything but `index.md` can be
/// made again from it, and is, so a crash between two steps costs nothing but a repetition.
final class SiteFolder: Sendable {
    let path: String
    let title: String
    private let now: @Sendable () -> Date
    /// Front matter by slug, with the file's fingerprint; spares reading every post for each new one.
    private let known = Mutex<[String: (fingerprint: [Int], record: PostRecord)]>([:])

    /// Nobody keeps the lock for longer than a few writes.
    static let patienceMax = Duration.seconds(10)
    private static let textBytesMax = 4 << 20

    init(path: String, title: String, now: @escaping @Sendable () -> Date) {
        self.path = path
        self.title = title
        self.now = now
    }

    func locked<Value>(_ patience: Duration, _ body: () throws -> Value) throws -> Value {
        do {
            try FolderTree.make("\(path)/.pressroom")
            return try FolderLock.with("\(path)/.pressroom/lock", patience: min(patience, Self.patienceMax), body)
        } catch let failure as FileFailure {
            throw failure.publisherError
        }
    }

    func create(_ post: Post, marker: String) throws -> PostRecord {
        let records = try catalogue()
        if let existing = records.filter({ $0.marker == marker }).min(by: { $0.slug < $1.slug }) {
            try log.appendUnlessThere(.created, existing, at: now())
            try restorePages(of: existing, among: records)
            return existing
        }
        let slug = freeSlug(Slug(cleaning: post.slug.isEmpty ? post.title : post.slug))
        let image = try post.image.map { "image.\(try $0.fileExtension)" }
        let record = PostRecord(post, slug: slug, marker: marker, image: image)
        try place(record, post, slug)
        try log.append(.created, record, at: now())
        try writeIndex(records + [record])
        return record
    }

    func publish(_ slug: Slug) throws -> PostRecord {
        let file = "\(path)/\(slug)/index.md"
        guard let bytes = try DurableFile.read(file, bytesMax: Self.textBytesMax) else { throw missing(slug) }
        let text = String(decoding: bytes, as: UTF8.self)
        guard var (record, _) = FrontMatter.read(text, slug: slug.text) else { throw missing(slug) }
        if record.isDraft, let published = FrontMatter.published(text) {
            try DurableFile.replace(file, with: Array(published.utf8))
            record.isDraft = false
            try log.append(.published, record, at: now())
        } else {
            try log.appendUnlessThere(.published, record, at: now())
        }
        try writeArticle(record)
        try writeIndex(try catalogue())
        return record
    }

    func strays(of posts: [MarkedPost]) throws -> [String: [PostID]] {
        let kept = Dictionary(posts.map { ($0.marker, $0.kept?.text) }) { one, _ in one }
        let strays = try catalogue().filter { record in kept[record.marker].map { $0 != record.slug } ?? false }
        return Dictionary(grouping: strays, by: \.marker).mapValues { $0.map(\.slug).sorted().map { PostID($0) } }
    }

    func remove(_ slug: Slug) throws {
        let records = try catalogue()
        guard let record = records.first(where: { $0.slug == slug.text }) else { return }
        // Out of sight in one step first, so that a crash leaves no half post.
        try FolderTree.remove(outgoing)
        guard FolderTree.move("\(path)/\(slug)", to: outgoing) else { throw FileFailure("\(path)/\(slug)") }
        try DurableFile.syncFolder(path)
        try log.append(.removed, record, at: now())
        try FolderTree.remove(outgoing)
        try writeIndex(records.filter { $0.slug != slug.text })
    }

    /// Writes and removes a file, so that a full disk shows as well as a missing permission.
    func probe() throws {
        let file = "\(path)/.pressroom/probe"
        try DurableFile.write(Array("can be written\n".utf8), to: file)
        try FolderTree.removeFile(file)
    }

    // MARK: Parts

    private var log: FolderLog { FolderLog(path: "\(path)/.pressroom/log.ndjson") }
    private var incoming: String { "\(path)/.pressroom/incoming" }
    private var outgoing: String { "\(path)/.pressroom/outgoing" }

    /// Every post's front matter, read anew only where the file has changed. Folders of others are left out.
    private func catalogue() throws -> [PostRecord] {
        let before = known.withLock { $0 }
        var after: [String: (fingerprint: [Int], record: PostRecord)] = [:]
        for name in try FolderTree.names(in: path) {
            let file = "\(path)/\(name)/index.md"
            guard Slug(exact: name) != nil, let fingerprint = FolderTree.fingerprint(file) else { continue }
            if let entry = before[name], entry.fingerprint == fingerprint {
                after[name] = entry
            } else if let bytes = try DurableFile.read(file, bytesMax: Self.textBytesMax),
                let (record, _) = FrontMatter.read(String(decoding: bytes, as: UTF8.self), slug: name)
            {
                after[name] = (fingerprint, record)
            }
        }
        known.withLock { $0 = after }
        return after.values.map(\.record)
    }

    private func freeSlug(_ wish: Slug) -> Slug {
        var number = 1
        while FolderTree.exists("\(path)/\(wish.numbered(number))") { number += 1 }
        return wish.numbered(number)
    }

    private func place(_ record: PostRecord, _ post: Post, _ slug: Slug) throws {
        try FolderTree.remove(incoming)
        try FolderTree.make(incoming)
        if let image = post.image, let name = record.image {
            try DurableFile.write(image.bytes, to: "\(incoming)/\(name)")
        }
        let page = ArticlePage(record: record, text: post.body, siteTitle: title)
        try DurableFile.write(Array(page.html.utf8), to: "\(incoming)/index.html")
        let text = FrontMatter.write(record) + "\n" + post.body.trimmedLines + "\n"
        try DurableFile.write(Array(text.utf8), to: "\(incoming)/index.md")
        try DurableFile.syncFolder(incoming)
        guard FolderTree.move(incoming, to: "\(path)/\(slug)") else { throw FileFailure("\(path)/\(slug)") }
        try DurableFile.syncFolder(path)
    }

    private func restorePages(of record: PostRecord, among records: [PostRecord]) throws {
        if !FolderTree.exists("\(path)/\(record.slug)/index.html") { try writeArticle(record) }
        try writeIndex(records)
    }

    private func writeArticle(_ record: PostRecord) throws {
        let folder = "\(path)/\(record.slug)"
        guard let bytes = try DurableFile.read("\(folder)/index.md", bytesMax: Self.textBytesMax),
            let (_, body) = FrontMatter.read(String(decoding: bytes, as: UTF8.self), slug: record.slug)
        else { return }
        let page = ArticlePage(record: record, text: String(body), siteTitle: title)
        try DurableFile.replace("\(folder)/index.html", with: Array(page.html.utf8))
    }

    private func writeIndex(_ records: [PostRecord]) throws {
        let page = IndexPage(records: records, siteTitle: title)
        try DurableFile.replace("\(path)/index.html", with: Array(page.html.utf8))
    }

    private func missing(_ slug: Slug) -> PublisherError {
        PublisherError(
            .draftMissing, "There is no post \(slug) in \(path)",
            hint: "Somebody removed it. Put the folder back and retry, or start a new request.", retry: .never)
    }
}

extension String {
    /// Without blank lines at either end.
    fileprivate var trimmedLines: String {
        var text = self[...].drop { $0.isNewline }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}
