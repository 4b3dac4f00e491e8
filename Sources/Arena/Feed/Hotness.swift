import Database
import Foundation
import ProductKit

/// How long a post stays on top: its age in seconds, and 45,000 of them less for each tenfold engagement.
///
/// It changes with engagement and never with the clock, so that it is a column with an index and pages stay exact.
enum Hotness {
    static let tenfoldSeconds = 45_000.0
    /// Engagement counts for so long.
    static let windowDays = 14

    /// - Parameter engagement: weighted and not negative.
    static func value(publishedAt: Timestamp, engagement: Double) -> Int64 {
        Int64((Double(publishedAt.milliseconds) / 1000 + tenfoldSeconds * log10(1 + engagement)).rounded())
    }

    /// Distinct people, the author apart: a share counts 3, a remix 5, a reply of a person 2, a vote 1, and a view a
    /// twentieth up to 10 in all.
    struct Engagement: Equatable {
        var shares = 0
        var remixes = 0
        var replies = 0
        var votes = 0
        var viewers = 0

        var weighted: Double {
            Double(3 * shares + 5 * remixes + 2 * replies + votes) + min(10, 0.05 * Double(viewers))
        }
    }

    /// Counts again and stores; called wherever somebody engages.
    static func refresh(_ post: PostID, at now: Timestamp, in transaction: borrowing Transaction) throws {
        let stored: Dates? = try transaction.one(
            """
            select user_id, \(milliseconds: "published_at") from posts where id = \(post) and status = 'PUBLISHED'
            """)
        guard let stored else { return }
        let engagement = try count(
            post, by: stored.owner, since: now.adding(.seconds(-86_400 * windowDays)), transaction)
        let hot = value(publishedAt: stored.publishedAt, engagement: engagement.weighted)
        try transaction.execute("update posts set hot = \(hot) where id = \(post)")
    }

    private static func count(
        _ post: PostID, by owner: UserID, since: Timestamp, _ transaction: borrowing Transaction
    ) throws -> Engagement {
        var engagement = Engagement()
        try transaction.forEach(
            """
            select event_name, count(distinct actor) from events
             where battle_id = \(post) and event_name in ('battle_shared', 'remix_completed', 'public_battle_viewed')
               and created_at > \(timestamp: since.stored) and actor <> \(owner.rawValue)
             group by event_name
            """
        ) { row in
            let (name, count): (EventName, Int) = (try row[0], try row[1])
            switch name {
            case .battleShared: engagement.shares = count
            case .remixCompleted: engagement.remixes = count
            default: engagement.viewers = count
            }
        }
        engagement.replies =
            try transaction.value(
                """
                select count(distinct user_id) from replies
                 where post_id = \(post) and persona_id is null and status = 'VISIBLE'
                   and created_at > \(timestamp: since.stored) and user_id <> \(owner)
                """) ?? 0
        engagement.votes =
            try transaction.value(
                """
                select count(*) from battle_votes
                 where battle_id = \(post) and created_at > \(timestamp: since.stored) and voter <> \(owner.rawValue)
                """) ?? 0
        return engagement
    }

    private struct Dates: RowDecodable {
        let owner: UserID
        let publishedAt: Timestamp
        init(_ row: borrowing Row) throws {
            owner = try row[0]
            publishedAt = Timestamp(stored: try row[1])
        }
    }
}
