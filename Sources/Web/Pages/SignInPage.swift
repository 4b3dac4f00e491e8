import Foundation
import HTTPTypes
import Hummingbird
import Synchronization

/// `/sign-in`: the operator shows the token once and gets a cookie for a week.
struct SignInPage: Readable, Postable {
    static let path = "/sign-in"
    let guardian: PageGuard
    let renderer: PageRenderer
    let attempts: SignInAttempts

    func get(_ call: Call) async throws -> Response { page(next: call.query("next"), error: nil, status: .ok) }

    func post(_ call: Call) async throws -> Response {
        guard call.isFromThisOrigin else { throw Problem.crossSite }
        let form = try call.form()
        guard let token = guardian.token else {
            return page(next: nil, error: "This server was started without an operator token.", status: .forbidden)
        }
        let now = guardian.timing.now()
        guard attempts.mayTry(at: now) else { throw Problem.tooManySignIns }
        guard token.matches(form["token"] ?? "") else {
            attempts.failed(at: now)
            return page(next: form["next"], error: "That is not the token.", status: .unauthorized)
        }
        let cookie = guardian.sessionCookie(token.session(from: now), maxAge: OperatorToken.sessionLength)
        return .seeOther(Self.inside(form["next"]), headers: [.setCookie: cookie])
    }

    private func page(next: String?, error: String?, status: HTTPResponse.Status) -> Response {
        renderer.page(
            "sign-in", title: "Sign in", view: SignInView(next: Self.inside(next), error: error), status: status)
    }

    static func redirect(from path: String) -> Response {
        let next = path.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return .seeOther("/sign-in?next=\(next)")
    }

    /// Only a path of this server: whoever sends a link here must not choose where it leads.
    static func inside(_ path: String?) -> String {
        guard let path, path.hasPrefix("/"), !path.hasPrefix("//"), !path.contains("\\"),
            path.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F })
        else { return "/" }
        return path
    }
}

struct SignInView: Sendable {
    let next: String
    let error: String?
}

extension Problem {
    static let tooManySignIns = Problem(
        .tooManyRequests, code: "sign_in.too_many", detail: "Too many wrong tokens in the last minute.",
        hint: "Wait a minute and try again.", headers: [.retryAfter: "60"])

    static let signInNeeded = Problem(
        .unauthorized, code: "sign_in.needed", detail: "These pages are the operator's.",
        hint: "Sign in at /sign-in with the operator token; programs use the API with a site's key.")
}
