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
            "list", title: view.heading, view: view, eventsURL: choice.filter.cursor == nil ? "/changes" : nil)
    }
}
