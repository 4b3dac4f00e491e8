/// What any destination can take. Checked before anything is written or sent.
enum PostLimits {
    static let titleLengthMax = 300
    static let bodyBytesMax = 1 << 20
    static let imageBytesMax = 32 << 20
    static let tagsMax = 30
    static let markerLengthMax = 200

    static func check(_ post: Post, marker: String) throws(PublisherError) {
        func refuse(_ message: String, _ hint: String) -> PublisherError {
            PublisherError(.invalidPost, message, hint: hint, retry: .never)
        }
        guard post.title.contains(where: { !$0.isWhitespace }) else {
            throw refuse("The post has no title", "Give it one.")
        }
        guard post.title.count <= titleLengthMax else {
            throw refuse("The title has more than \(titleLengthMax) characters", "Shorten it.")
        }
        guard post.body.utf8.count <= bodyBytesMax else {
            throw refuse("The text is larger than \(bodyBytesMax >> 10) KB", "Split it into several posts.")
        }
        guard post.tags.count <= tagsMax else { throw refuse("There are more than \(tagsMax) tags", "Keep the best.") }
        guard (post.image?.bytes.count ?? 0) <= imageBytesMax else {
            throw refuse("The image is larger than \(imageBytesMax >> 20) MB", "Use a smaller one.")
        }
        precondition(
            !marker.isEmpty && marker.utf8.count <= markerLengthMax, "a marker names one generation in a few characters"
        )
    }
}
