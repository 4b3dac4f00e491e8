import Hummingbird
import HTTPTypes

/// Who may open the pages and press their buttons.
///
/// Open pages answer only under a name of this machine or the configured address: a page elsewhere could otherwise point
/// a name of its own at this server and read along. Buttons need proof that the form came from here, because a browser
/// sends cookies, and reaches loopback, for any site.
struct PageGuard: Sendable {
    static let cookie = "pressroom_operator"
    let access: WebConfiguration.PageAccess
    let token: OperatorToken?
    let timing: Timing
    /// Host names under which open pages answer.
    let hosts: Set<String>
    /// Whether cookies may only travel over TLS.
    let isSecure: Bool

    /// - Throws: ``Problem`` 421 for a foreign host name, 401 when nobody is signed in.
    func admit(_ call: Call) throws {
        switch access {
        case .open:
            guard hosts.contains(call.hostName) else {
                throw Problem.wrongHost("Open it as \(hosts.sorted().joined(separator: ", ")), or set PUBLIC_URL.")
            }
        case .operatorOnly:
            guard isSignedIn(call) else { throw Problem.signInNeeded }
        }
    }

    /// Admits a form: also checks where it comes from.
    func admitForm(_ call: Call) throws {
        guard call.isFromThisOrigin else { throw Problem.crossSite }
        try admit(call)
    }

    func isSignedIn(_ call: Call) -> Bool {
        guard let token, let session = call.request.cookies[Self.cookie]?.value else { return false }
        return token.accepts(session: session, at: timing.now())
    }

    func sessionCookie(_ value: String, maxAge: Duration) -> String {
        "\(Self.cookie)=\(value); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(maxAge.components.seconds)"
            + (isSecure ? "; Secure" : "")
    }
}

extension Call {
    /// The host of the request, without its port.
    var hostName: String { request.head.authority.flatMap(HostName.init(ofAuthority:))?.text ?? "" }

    /// Whether a page of this very server sent the form. Browsers state it in one of two headers; without either there
    /// is no proof.
    var isFromThisOrigin: Bool {
        if let site = header(.fetchSite) { return site == "same-origin" }
        guard let origin = header(.origin), let authority = request.head.authority else { return false }
        return origin == "http://\(authority)" || origin == "https://\(authority)"
    }
}

extension HTTPField.Name {
    static let fetchSite = Self("Sec-Fetch-Site")!
}
