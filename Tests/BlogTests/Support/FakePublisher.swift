import Publishers
import Synchronization

/// A destination in memory, shared by all sites of a test. Looks for its marker before it makes a draft, as real ones do.
final class FakePublisher: Publisher {
    struct Entry: Equatable {
        var marker: String
        var post: Post
        var isPublished = false
    }
    private struct State {
        var entries: [String: Entry] = [:]
        var next = 1
        var beforeDraft: @Sendable (Int) throws -> Void = { _ in }
        var drafts = 0
        var publications: [String] = []
        var pictureRefusal: String?
        var searches = 0
        var searchFailure: PublisherError?
    }
    private let state = Mutex(State())

    var entries: [String: Entry] { state.withLock { $0.entries } }
    /// Ids in the order in which publication was asked for.
    var publications: [String] { state.withLock { $0.publications } }

    func beforeDraft(_ action: @escaping @Sendable (Int) throws -> Void) { state.withLock { $0.beforeDraft = action } }

    /// Every draft is made without its picture, for this reason.
    func refusePictures(because reason: String) { state.withLock { $0.pictureRefusal = reason } }

    /// How often it was asked for strays.
    var searches: Int { state.withLock { $0.searches } }

    /// From now on it cannot be asked for strays, or again.
    func failSearches(with failure: PublisherError?) { state.withLock { $0.searchFailure = failure } }

    /// Leaves a draft as a worker does that was declared dead.
    func plant(marker: String, _ post: Post) -> String {
        state.withLock { state in
            let id = "post-\(state.next)"
            state.next += 1
            state.entries[id] = Entry(marker: marker, post: post)
            return id
        }
    }

    func createDraft(_ post: Post, marker: String, deadline: Duration) async throws -> DraftReceipt {
        let (number, action) = state.withLock { state in
            state.drafts += 1
            return (state.drafts, state.beforeDraft)
        }
        try action(number)
        if let known = entries.first(where: { $0.value.marker == marker })?.key { return receipt(known) }
        return receipt(plant(marker: marker, post))
    }

    func publish(_ draft: PostID, deadline: Duration) async throws -> PublishedReceipt {
        try state.withLock { state in
            state.publications.append(draft.text)
            guard state.entries[draft.text] != nil else {
                throw PublisherError(.draftMissing, "The draft is gone.", retry: .never)
            }
            state.entries[draft.text]?.isPublished = true
        }
        return PublishedReceipt(id: draft, url: "https://site.test/\(draft)")
    }

    func strays(of posts: [MarkedPost], deadline: Duration) async throws -> [String: [PostID]] {
        try state.withLock { state in
            state.searches += 1
            if let failure = state.searchFailure { throw failure }
        }
        return Dictionary(
            posts.map { post in
                let found = entries.filter { $0.value.marker == post.marker && $0.key != post.kept?.text }
                return (post.marker, found.keys.sorted().map { PostID($0) })
            }
        ) { one, _ in one }
    }

    func remove(_ post: PostID, deadline: Duration) async throws { state.withLock { $0.entries[post.text] = nil } }

    func checkConnection(deadline: Duration) async throws -> String { "memory" }

    private func receipt(_ id: String) -> DraftReceipt {
        DraftReceipt(
            id: PostID(id), url: "https://site.test/drafts/\(id)",
            pictureRefusal: state.withLock { $0.pictureRefusal })
    }
}
