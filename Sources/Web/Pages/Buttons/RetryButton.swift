import Blog
import Engine
import Hummingbird

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
