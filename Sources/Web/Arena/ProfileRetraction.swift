import Arena
import Hummingbird

/// `POST /personas/{id}/unpublish-profile`: takes the persona's page back.
struct ProfileRetraction: Postable {
    static let path = "/personas/{id}/unpublish-profile"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        return try .arena(await entrance.arena.personas.unpublishProfile(call.id(or: .personaNotFound), of: caller))
    }
}
