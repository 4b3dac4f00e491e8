import Blog
import Engine
import Foundation
import Hummingbird

/// `/new`: the form that asks for an article. Sent twice by a double click it asks once, by the key it carries.
struct NewRequestPage: Readable, Postable {
    static let path = "/new"
    let kit: PageKit
    let random: RandomSource

    func get(_ call: Call) async throws -> Response {
        try kit.guardian.admit(call)
        return try await page(RequestForm(site: call.query("site"), once: String(random.bits(), radix: 36)))
    }

    func post(_ call: Call) async throws -> Response {
        try kit.guardian.admitForm(call)
        let form = RequestForm(try call.form())
        do {
            let site = try await kit.sites.find(form["site"])
            let request = try GenerationRequest.read(form.json.bytes, now: kit.timing.now())
            let key = form["once"].nonEmpty.map { "page-\($0.prefix(64))" }
            let submitted = try await kit.generations.submit(request, for: site, idempotencyKey: key)
            return .seeOther("/generations/\(submitted.id)?done=\(Notice.asked)")
        } catch let error as BlogError {
            return try await page(form, refused: error)
        }
    }

    private func page(_ form: RequestForm, refused error: BlogError? = nil) async throws -> Response {
        let view = RequestView(form, sites: try await kit.sites.list(), refused: error)
        let problem = error.map { Problem($0) }
        return kit.renderer.page(
            "new", title: "New request", view: view, status: problem?.status ?? .ok, headers: problem?.headers ?? [:])
    }
}
