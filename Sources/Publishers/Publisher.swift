/// A place where posts appear: a folder, a Wix site, a WordPress site.
///
/// No destination offers idempotency keys, so each promise below is kept by looking before acting. `marker` is ours and
/// names one generation; a post keeps it for life.
package protocol Publisher: Sendable {
    /// Makes a draft of `post`, or returns the one that already bears `marker`, untouched.
    ///
    /// Durable on return. Repeatable: same marker, same draft, also after a lost answer.
    /// - Throws: ``PublisherError``; `CancellationError` when the task was cancelled.
    func createDraft(_ post: Post, marker: String, deadline: Duration) async throws -> DraftReceipt

    /// Publishes one recorded draft, and no other: a stale caller cannot publish a draft of its own.
    ///
    /// Repeatable: publishing what is published returns the same receipt.
    /// - Throws: ``PublisherError/Code/draftMissing`` when there is no such draft.
    func publish(_ draft: PostID, deadline: Duration) async throws -> PublishedReceipt

    /// Every draft or post that bears one of the markers and is not the one that is kept, by marker.
    ///
    /// Asks the destination once, however many there are.
    func strays(of posts: [MarkedPost], deadline: Duration) async throws -> [String: [PostID]]

    /// Removes a draft or post. Repeatable: removing what is gone succeeds.
    func remove(_ post: PostID, deadline: Duration) async throws

    /// Whether a draft may be missing from its lists for a while after it was made, so that looking before acting can miss it.
    var listsLag: Bool { get }

    /// Checks that posts can be made here, without making one.
    ///
    /// - Returns: a sentence that says where posts will go.
    func checkConnection(deadline: Duration) async throws -> String
}

extension Publisher {
    package var listsLag: Bool { false }
}

/// A generation's marker, and the post of it that is recorded, if there is one.
package struct MarkedPost: Sendable, Hashable {
    package let marker: String
    package let kept: PostID?

    package init(marker: String, kept: PostID?) {
        self.marker = marker
        self.kept = kept
    }
}

/// A post's name at its destination: a folder's name, a number, a GUID.
package struct PostID: Sendable, Hashable, Codable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }
    package init(from decoder: any Decoder) throws { text = try decoder.singleValueContainer().decode(String.self) }
    package func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(text)
    }

    package var description: String { text }
}

/// What ``Publisher/createDraft(_:marker:deadline:)`` gives: record the id before publishing.
package struct DraftReceipt: Sendable, Hashable, Codable {
    package var id: PostID
    /// Where the draft can be read, when it can.
    package var url: String?
    /// Why the draft has none, when there was a picture and the destination does not take it.
    package var pictureRefusal: String?

    package init(id: PostID, url: String?, pictureRefusal: String? = nil) {
        self.id = id
        self.url = url
        self.pictureRefusal = pictureRefusal
    }
}

/// What ``Publisher/publish(_:deadline:)`` gives.
package struct PublishedReceipt: Sendable, Hashable, Codable {
    package var id: PostID
    package var url: String

    package init(id: PostID, url: String) {
        self.id = id
        self.url = url
    }
}
