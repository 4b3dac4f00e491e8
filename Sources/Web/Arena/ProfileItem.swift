import Arena
import Hummingbird

/// `GET /p/{slug}`: a persona as everybody may see it.
struct ProfileItem: Readable {
    static let path = "/p/{slug}"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        try .arenaPublic(await entrance.arena.personas.profilePage(call.parameter("slug")), to: call)
    }
}
