import Arena
import Hummingbird

/// `POST /auth/signup`: makes an account and signs in.
struct SignUpRoute: Postable {
    static let path = "/auth/signup"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        try .arena(await entrance.arena.accounts.signUp(SignUp.read(call.arenaBytes())), status: .created)
    }
}
