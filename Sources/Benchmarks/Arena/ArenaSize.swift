/// How much Arena has stored when it is measured.
public struct ArenaSize: Sendable {
    public let users: Int
    public let posts: Int
    public let events: Int

    /// - Parameter scale: 1 for ten thousand people, 200,000 posts and a million events.
    public init(scale: Double) {
        users = max(50, Int(10_000 * scale))
        posts = max(500, Int(200_000 * scale))
        events = max(1_000, Int(1_000_000 * scale))
    }

    var personas: Int { 2 * users }
    static let followsEach = 20
    /// Of one in a hundred.
    static let followsOfMany = 500
    static let notificationsEach = 30

    /// Most posts have no answer of a person, a few have a thousand.
    struct Crowding {
        /// Of the posts, when they stand in the order of their answers.
        let upTo: Double
        let replies: Int
    }
    static let crowding = [
        Crowding(upTo: 0.000_1, replies: 1_000), Crowding(upTo: 0.002, replies: 100), Crowding(upTo: 0.02, replies: 20),
        Crowding(upTo: 0.2, replies: 2), Crowding(upTo: 1, replies: 0),
    ]
}
