import Arena
import Hummingbird

/// `POST /auth/login`: the same answer for an unknown address and a wrong password.
struct SignInRoute: Postable {
    static let path = "/auth/login"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        try .arena(await entrance.arena.accounts.signIn(SignIn.read(call.arenaBytes())))
    }
}
