import Database
import ProductKit

/// What has happened of late, in figures.
package struct AnalyticsSummary: Sendable, Encodable {
    /// By event.
    package let last24H: [String: Int]
    package let last7D: [String: Int]
    /// Distinct actors of each stage within seven days, in order.
    package let funnel7D: [Stage]
    package let remixFunnel7D: [Stage]
    /// Distinct people within seven days who came back, and what brought them.
    package let retention7D: [String: Int]

    package struct Stage: Sendable, Encodable {
        package let event: String
        package let actors: Int
    }

    enum CodingKeys: String, CodingKey {
        case last24H = "last_24h"
        case last7D = "last_7d"
        case funnel7D = "funnel_7d"
        case remixFunnel7D = "remix_funnel_7d"
        case retention7D = "retention_7d"
    }
}

extension Events {
    private static let funnel: [EventName] = [
        .battleShared, .publicBattleViewed, .signupFromShare, .personaCreated, .battleCreated,
    ]
    private static let remixFunnel: [EventName] = [.publicBattleViewed, .remixClicked, .remixStarted, .remixCompleted]
    private static let retention: [EventName] = [.dailyReturn, .notificationClicked, .templateUsedFromFeed]

    /// - Throws: `role.insufficient`.
    package func summary(for member: Member) async throws -> AnalyticsSummary {
        try member.require(.admin)
        return try await arena.read { transaction in
            let now = try transaction.instant()
            let day = try Self.counts(since: now.adding(.seconds(-86_400)), in: transaction)
            let week = try Self.counts(since: now.adding(.seconds(-7 * 86_400)), in: transaction)
            func stages(_ names: [EventName]) -> [AnalyticsSummary.Stage] {
                names.map { .init(event: $0.rawValue, actors: week[$0.rawValue]?.actors ?? 0) }
            }
            return AnalyticsSummary(
                last24H: day.mapValues { $0.events }, last7D: week.mapValues { $0.events },
                funnel7D: stages(Self.funnel),
                remixFunnel7D: stages(Self.remixFunnel),
                retention7D: Dictionary(
                    uniqueKeysWithValues: Self.retention.map { ($0.rawValue, week[$0.rawValue]?.actors ?? 0) }))
        }
    }

    private static func counts(
        since: Timestamp, in transaction: borrowing Transaction
    ) throws -> [String: (events: Int, actors: Int)] {
        var counts: [String: (events: Int, actors: Int)] = [:]
        try transaction.forEach(
            """
            select event_name, count(*), count(distinct actor) from events
             where created_at > \(timestamp: since.stored) group by event_name
            """
        ) { row in
            let (name, events, actors): (String, Int, Int) = (try row[0], try row[1], try row[2])
            counts[name] = (events, actors)
        }
        return counts
    }
}
