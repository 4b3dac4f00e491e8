import Arena
import Hummingbird

/// `POST /auth/refresh`: new tokens for a refresh token, which works once.
struct RefreshRoute: Postable {
    static let path = "/auth/refresh"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        try .arena(await entrance.arena.accounts.refresh(RefreshRequest.read(call.arenaBytes())))
    }
}
