import Arena
import Hummingbird

/// `POST /notifications/read-all`.
struct NotificationsReadAll: Postable {
    static let path = "/notifications/read-all"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        let updated = try await entrance.arena.notifications.readAll(by: entrance.caller(of: call))
        return try .arena(["updated": updated, "unread_count": 0])
    }
}
