import Arena
import Hummingbird

/// `POST /reports`: an objection to a post, a reply or a persona.
struct ReportIntake: Postable {
    static let path = "/reports"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        return try .arena(
            await entrance.arena.reports.submit(ReportForm.read(call.arenaBytes()), by: caller), status: .created)
    }
}
