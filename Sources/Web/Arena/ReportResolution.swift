import Arena
import Hummingbird

/// `POST /admin/reports/{id}/resolve`: a moderator's decision, with its reason.
struct ReportResolution: Postable {
    static let path = "/admin/reports/{id}/resolve"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        let form = try ResolutionForm.read(call.arenaBytes())
        return try .arena(
            await entrance.arena.reports.resolve(
                call.id(or: .reportTargetNotFound), form.action, reason: form.reason, by: caller))
    }
}
