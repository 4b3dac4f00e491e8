import Arena
import Hummingbird

/// `POST /notifications/{id}/read`.
struct NotificationRead: Postable {
    static let path = "/notifications/{id}/read"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        let unread = try await entrance.arena.notifications.read(call.id(or: .notificationNotFound), by: caller)
        return try .arena(["updated": 1, "unread_count": unread])
    }
}
