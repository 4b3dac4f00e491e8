import Blog
import Engine
import Hummingbird

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
