import Arena
import HTTPTypes
import Hummingbird

/// `/templates`: public rules for battles, and the caller's own.
struct TemplateList: Readable, Postable {
    static let path = "/templates"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        try call.allowQuery("q", "limit", "cursor")
        let visitor = try await entrance.visitor(of: call)
        let page = try await entrance.arena.templates.list(containing: call.query("q"), call.page(), for: visitor)
        return try visitor == nil ? .arenaPublic(page, to: call) : .arena(page)
    }

    func post(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        let form = try TemplateForm.read(call.arenaBytes(), isNew: true)
        let template = try await entrance.arena.templates.create(form, by: caller)
        return try .arena(template, status: .created, headers: [.location: "\(Self.path)/\(template.id)"])
    }
}
