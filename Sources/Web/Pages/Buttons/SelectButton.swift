import Blog
import Engine
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
