import Publishers

/// Takes every post and says that it is at one address.
struct StubPublisher: Publisher {
    func createDraft(_ post: Post, marker: String, deadline: Duration) async throws -> DraftReceipt {
        DraftReceipt(id: PostID(post.slug), url: "https://bakery.example/\(post.slug)")
    }
    func publish(_ draft: PostID, deadline: Duration) async throws -> PublishedReceipt {
        PublishedReceipt(id: draft, url: "https://bakery.example/\(draft)")
    }
    func strays(of posts: [MarkedPost], deadline: Duration) async throws -> [String: [PostID]] { [:] }
    func remove(_ post: PostID, deadline: Duration) async throws {}
    func checkConnection(deadline: Duration) async throws -> String { "Posts go nowhere" }
}
