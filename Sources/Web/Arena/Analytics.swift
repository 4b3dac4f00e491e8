import Arena
import Hummingbird

/// `GET /admin/analytics/summary`: events of the last day and week, funnels, retention.
struct Analytics: Readable {
    static let path = "/admin/analytics/summary"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        try .arena(await entrance.arena.events.summary(for: entrance.caller(of: call)))
    }
}
