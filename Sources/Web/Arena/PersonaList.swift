import Arena
import HTTPTypes
import Hummingbird

/// `/personas`: the caller's own.
struct PersonaList: Readable, Postable {
    static let path = "/personas"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        try .arena(Page(items: await entrance.arena.personas.list(of: entrance.caller(of: call))))
    }

    func post(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        let form = try PersonaForm.read(call.arenaBytes(), isNew: true)
        let persona = try await entrance.arena.personas.create(form, for: caller)
        return try .arena(persona, status: .created, headers: [.location: "\(Self.path)/\(persona.id)"])
    }
}
