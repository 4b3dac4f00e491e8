import Arena
import Hummingbird

/// `/templates/{id}`: rules in their newest version; a change makes the next.
struct TemplateItem: Readable, Patchable, Deletable {
    static let path = "/templates/{id}"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        let visitor = try await entrance.visitor(of: call)
        let template = try await entrance.arena.templates.find(call.id(or: .templateNotFound), for: visitor)
        return try visitor == nil ? .arenaPublic(template, to: call) : .arena(template)
    }

    func patch(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        let form = try TemplateForm.read(call.arenaBytes(), isNew: false)
        return try .arena(await entrance.arena.templates.change(call.id(or: .templateNotFound), form, by: caller))
    }

    func delete(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        try await entrance.arena.templates.delete(call.id(or: .templateNotFound), by: caller)
        return try .arena(["deleted": true])
    }
}
