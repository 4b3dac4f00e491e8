/// What is asked of Arena's processes, and how much of it.
struct ArenaLoad: Sendable {
    enum Part: String, Sendable, CaseIterable {
        /// Replies of personas, for minutes on end.
        case replies
        /// What everybody may read, from addresses that no limit holds.
        case reads
        /// More than a limit allows, from one address to all servers.
        case limits
    }

    var parts = Part.allCases
    var servers = 2
    /// Beside the servers; on SQLite the one server works itself.
    var workers = 2
    /// How many times faster than life the sandbox is.
    var speed = 3.0
    var personas = 12
    var posts = 500
    /// Requests for replies: a second, and for how long.
    var replyRate = 20.0
    var replySeconds = 300
    /// Reads a second of the profile and of the templates, each for so long.
    var readRate = 200.0
    var readSeconds = 60

    /// People who own the personas and the posts.
    static let playersMax = 4
    /// Reads a second of a card, beside those of the rest: a card is a hundred times as many bytes.
    static let cardShare = 0.5
    /// Requests against a limit of ``limit`` a minute, and a second.
    static let burst = 600
    static let burstRate = 200.0
    /// Of `public_read`.
    static let limit = 120
    /// How many of a hundred requests go to the first server.
    var mixes: [Int] { servers == 1 ? [100] : [100, 50, 80] }
}
