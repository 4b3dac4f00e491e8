import Blog
import Foundation
import Hummingbird

/// `GET /`: the generations, newest first, with stage, reason and expectation; it keeps itself fresh.
struct ListPage: Readable {
    static let path = "/"
    let kit: PageKit

    func get(_ call: Call) async throws -> Response {
        try kit.guardian.admit(call)
        let choice = try ListChoice(call)
        let sites = try await kit.sites.list()
        let scope = try choice.scope(among: sites)
        let page = try await kit.generations.list(choice.filter, in: scope)
        let counts = try await kit.generations.counts(in: scope)
        let names = sites.names
        let view = ListView(
            choice: choice, rows: page.items.map { kit.row($0, siteNames: names) }, nextCursor: page.nextCursor,
            counts: counts, sites: sites)
        // Older pages stand still: what is new would push their rows about.
        return kit.renderer.page(
            "list", title: view.heading, view: view, eventsURL: choice.filter.cursor == nil ? "/events" : nil)
    }
}

/// Which part of the list is looked at.
struct ListChoice: Sendable {
    enum Show: String, CaseIterable, Sendable {
        case active, choice, done, failed

        var name: String {
            switch self {
            case .active: "In progress"
            case .choice: "Your choice"
            case .done: "Finished"
            case .failed: "Failed"
            }
        }

        var statuses: [GenerationStatus] {
            switch self {
            case .active: [.pending, .generatingIdeas, .generatingContent, .generatingImage, .publishing]
            case .choice: [.awaitingSelection, .awaitingReview]
            case .done: [.done]
            case .failed: [.failed, .cancelled]
            }
        }
    }

    let show: Show?
    let site: String?
    let filter: GenerationFilter

    init(_ call: Call) throws {
        show = call.query("show").flatMap(Show.init)
        site = call.query("site")
        var filter = GenerationFilter()
        filter.statuses = show?.statuses ?? []
        filter.cursor = call.query("cursor")
        filter.limit = 50
        self.filter = filter
    }

    func scope(among sites: [Site]) throws -> Scope {
        guard let site else { return .allSites }
        guard let known = sites.first(where: { $0.instanceID == site }) else {
            throw Problem(
                .notFound, code: "site.not_found", detail: "There is no such site.", hint: "Choose one from the list.")
        }
        return .site(known)
    }

    func url(show: Show?, cursor: String? = nil) -> String {
        let parts = [("show", show?.rawValue), ("site", site), ("cursor", cursor)].compactMap { name, value in
            value.flatMap { $0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) }.map { "\(name)=\($0)" }
        }
        return parts.isEmpty ? "/" : "/?" + parts.joined(separator: "&")
    }
}
