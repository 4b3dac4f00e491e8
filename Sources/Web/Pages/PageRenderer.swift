import HTTPTypes
import Hummingbird
import Mustache
import NIOCore

/// Renders views through the templates. Values are escaped by the templates unless marked as HTML that is safe.
struct PageRenderer: Sendable {
    private let library: MustacheLibrary
    let isSandbox: Bool
    let canSignOut: Bool

    /// - Throws: what the parser throws for a template that is wrong, which a test rules out.
    init(isSandbox: Bool, canSignOut: Bool) throws {
        var library = MustacheLibrary()
        for (name, bytes) in Self.templates {
            try library.register(String(decoding: bytes, as: UTF8.self), named: name)
        }
        self.library = library
        self.isSandbox = isSandbox
        self.canSignOut = canSignOut
    }

    private static let templates: [(String, [UInt8])] = [
        ("layout", PackageResources.layout_mustache),
        ("list", PackageResources.list_mustache),
        ("row", PackageResources.row_mustache),
        ("stages", PackageResources.stages_mustache),
        ("idea", PackageResources.idea_mustache),
        ("generation", PackageResources.generation_mustache),
        ("new", PackageResources.new_mustache),
        ("problem", PackageResources.problem_mustache),
        ("sign-in", PackageResources.sign_in_mustache),
    ]

    func page(
        _ template: String, title: String, view: some Sendable, eventsURL: String? = nil, notice: String? = nil,
        status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        let frame = PageFrame(
            title: title, isSandbox: isSandbox, canSignOut: canSignOut, assetVersion: Assets.version,
            eventsURL: eventsURL, notice: notice)
        guard let html = library.render(PageView(frame: frame, view: view), withTemplate: template) else {
            preconditionFailure("there is no template \(template)")
        }
        var headers = headers
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    func problem(_ problem: Problem) -> Response {
        let view = ProblemView(
            title: problem.status.reasonPhrase, detail: problem.detail, hint: problem.hint, code: problem.code)
        return page(
            "problem", title: problem.status.reasonPhrase, view: view, status: problem.status,
            headers: problem.headers)
    }
}

/// A frame and what stands in it, as the templates see them.
private struct PageView<View: Sendable> {
    let frame: PageFrame
    let view: View
}

struct ProblemView: Sendable {
    let title: String
    let detail: String
    let hint: String?
    let code: String
}
