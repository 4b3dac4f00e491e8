import Arena
import Hummingbird

/// `GET /notifications`: what the caller is told, newest first; `?unread=true` shows the unread alone.
struct NotificationsRoute: Readable {
    static let path = "/notifications"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        try call.allowQuery("limit", "cursor", "unread")
        let caller = try await entrance.caller(of: call)
        let unread = call.given("unread") ?? "false"
        guard unread == "true" || unread == "false" else { throw Problem.badQuery("unread", "is true or false.") }
        return try .arena(
            await entrance.arena.notifications.list(call.page(), onlyUnread: unread == "true", of: caller))
    }
}
