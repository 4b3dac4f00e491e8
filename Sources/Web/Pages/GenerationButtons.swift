import Blog
import Foundation
import Hummingbird

/// `POST /generations/{id}/select`: the button under an idea.
struct SelectButton: Postable {
    static let path = "/generations/{id}/select"
    let kit: PageKit

    func post(_ call: Call) async throws -> Response {
        try kit.guardian.admitForm(call)
        let (id, form) = (try call.generationID(), try call.form())
        var members: [String: JSONValue] = [
            "index": form["index"].flatMap { Int64($0) }.map(JSONValue.integer) ?? .null
        ]
        if let title = form["title"]?.nonEmpty { members["title"] = .string(title) }
        // The same reading as the API's, so that one set of rules holds.
        let selection = try Selection.read(JSONValue.object(members).bytes)
        _ = try await kit.generations.select(selection, for: id, in: .allSites, by: "operator")
        return .seeOther("/generations/\(id)?done=\(Notice.chosen)")
    }
}

/// `POST /generations/{id}/regenerate`: none of the ideas fits.
struct RegenerateButton: Postable {
    static let path = "/generations/{id}/regenerate"
    let kit: PageKit

    func post(_ call: Call) async throws -> Response {
        try kit.guardian.admitForm(call)
        let (id, form) = (try call.generationID(), try call.form())
        let hint = form["hint"]?.nonEmpty.map { ["hint": JSONValue.string($0)] } ?? [:]
        let selection = try Selection.readRegeneration(JSONValue.object(hint).bytes)
        _ = try await kit.generations.select(selection, for: id, in: .allSites, by: "operator")
        return .seeOther("/generations/\(id)?done=\(Notice.regenerating)")
    }
}

/// `POST /generations/{id}/cancel`.
struct CancelButton: Postable {
    static let path = "/generations/{id}/cancel"
    let kit: PageKit

    func post(_ call: Call) async throws -> Response {
        try kit.guardian.admitForm(call)
        let id = try call.generationID()
        _ = try await kit.generations.cancel(id, in: .allSites, by: "operator")
        return .seeOther("/generations/\(id)?done=\(Notice.cancelled)")
    }
}

/// `POST /generations/{id}/retry`.
struct RetryButton: Postable {
    static let path = "/generations/{id}/retry"
    let kit: PageKit

    func post(_ call: Call) async throws -> Response {
        try kit.guardian.admitForm(call)
        let id = try call.generationID()
        _ = try await kit.generations.retry(id, in: .allSites, by: "operator")
        return .seeOther("/generations/\(id)?done=\(Notice.retrying)")
    }
}
