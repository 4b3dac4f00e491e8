import Arena
import Hummingbird

/// `/personas/{id}`: one of the caller's own, calibration included.
struct PersonaItem: Readable, Patchable, Deletable {
    static let path = "/personas/{id}"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        return try .arena(await entrance.arena.personas.find(call.id(or: .personaNotFound), of: caller))
    }

    func patch(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        let form = try PersonaForm.read(call.arenaBytes(), isNew: false)
        return try .arena(await entrance.arena.personas.change(call.id(or: .personaNotFound), form, of: caller))
    }

    func delete(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        try await entrance.arena.personas.delete(call.id(or: .personaNotFound), of: caller)
        return try .arena(["deleted": true])
    }
}
