import Arena
import Hummingbird

/// `POST /auth/logout`: ends the session at once.
struct SignOutRoute: Postable {
    static let path = "/auth/logout"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        try await entrance.arena.accounts.signOut(entrance.caller(of: call))
        return .noContent
    }
}
