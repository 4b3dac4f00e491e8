import Arena
import HTTPTypes
import Hummingbird

/// `POST /rooms/{id}/posts/draft`: a draft in a persona's name, or an operation when it takes long.
struct RoomDrafts: Postable {
    static let path = "/rooms/{id}/posts/draft"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        let (caller, posts) = (try await entrance.caller(of: call), entrance.arena.posts)
        let form = try DraftForm.read(call.arenaBytes())
        let asked = try await posts.draft(
            form, in: call.parameter("id"), by: caller, traceID: call.trace.description)
        let operation = try await entrance.patience(for: asked, of: caller, call)
        switch operation.status {
        case .done:
            guard let id = operation.resultPost else { throw Problem(endOf: operation) }
            return try .arena(
                await posts.find(id, for: caller), status: .created, headers: [.location: "/posts/\(id)"])
        case .failed, .cancelled: throw Problem(endOf: operation)
        case .pending, .running: return try .accepted(operation)
        }
    }
}
