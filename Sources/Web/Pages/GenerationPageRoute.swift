import Blog
import Hummingbird

/// `GET /generations/{id}`: one generation with its ideas, article, timeline and buttons.
struct GenerationPageRoute: Readable {
    static let path = "/generations/{id}"
    let kit: PageKit

    func get(_ call: Call) async throws -> Response {
        try kit.guardian.admit(call)
        let detail = try await kit.generations.find(call.generationID(), in: .allSites)
        let names = try await kit.sites.list().names
        let view = GenerationView(detail, row: kit.row(detail.summary, siteNames: names))
        return kit.renderer.page(
            "generation", title: view.row.title, view: view,
            eventsURL: detail.summary.status.hasEnded ? nil : "/generations/\(detail.summary.id)/changes",
            notice: call.query("done").flatMap(Notice.init)?.text)
    }
}

/// What was just done, carried through the redirect by its name; texts from an address are never shown.
enum Notice: String {
    case asked, chosen, regenerating, cancelled, retrying

    var text: String {
        switch self {
        case .asked: "Your request is in the queue. This page follows it."
        case .chosen: "Your choice is stored."
        case .regenerating: "Five other ideas are on their way."
        case .cancelled: "The article is cancelled."
        case .retrying: "It goes on from where it stopped."
        }
    }
}
