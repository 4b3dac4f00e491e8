import Arena
import Hummingbird

/// `GET /notifications`: what the caller is told, newest first; `?unread=true` shows the unread alone.
struct NotificationsRoute: Readable {
    static let path = "/notifications"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        try call.allowQuery("limit", "cursor", "unread")
        let caller = try await entrance.caller(of: call)
        return try .arena(
            await entrance.arena.notifications.list(
                call.page(), onlyUnread: call.query("unread") == "true", of: caller))
    }
}
