import Blog
import Engine
import Hummingbird

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
