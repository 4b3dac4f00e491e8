import Arena
import Hummingbird

/// `POST /personas/{id}/publish-profile`: makes the persona's page public.
struct ProfilePublishing: Postable {
    static let path = "/personas/{id}/publish-profile"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        let form = try ProfileForm.read(call.arenaBytes())
        return try .arena(await entrance.arena.personas.publishProfile(call.id(or: .personaNotFound), form, of: caller))
    }
}
