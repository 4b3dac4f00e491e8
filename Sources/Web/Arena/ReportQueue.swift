import Arena
import Hummingbird

/// `GET /admin/reports`: what no moderator has looked at yet.
struct ReportQueue: Readable {
    static let path = "/admin/reports"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        try .arena(await entrance.arena.reports.open(call.page(), for: entrance.caller(of: call)))
    }
}
