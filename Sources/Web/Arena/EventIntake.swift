import Arena
import Hummingbird

/// `POST /events`: what a page reports. A duplicate is dropped and answered like a first.
struct EventIntake: Postable {
    static let path = "/events"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        let event = try ReportedEvent.read(call.arenaBytes())
        try await entrance.arena.events.report(event, by: entrance.participant(of: call))
        return try .arena(["ok": true], status: .accepted)
    }
}
