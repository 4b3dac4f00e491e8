import HTTPTypes
import Hummingbird

/// `POST /sign-out`: forgets the cookie.
struct SignOut: Postable {
    static let path = "/sign-out"
    let guardian: PageGuard

    func post(_ call: Call) async throws -> Response {
        guard call.isFromThisOrigin else { throw Problem.crossSite }
        return .seeOther("/sign-in", headers: [.setCookie: guardian.sessionCookie("", maxAge: .zero)])
    }
}
