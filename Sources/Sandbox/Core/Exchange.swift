/// A call as it reaches the sandbox, whatever carried it there.
package struct ProviderRequest: Sendable {
    package var method: String
    /// Path without the query, `/v1/chat/completions`.
    package var path: String
    /// Of a parameter that is repeated, all values with commas between them.
    package var query: [String: String]
    /// By lower-case name.
    package var headers: [String: String]
    package var body: [UInt8]
    /// Where the sandbox is reached, without a slash at the end: for links in answers.
    package var baseURL: String

    package init(
        method: String, path: String, query: [String: String] = [:], headers: [String: String] = [:],
        body: [UInt8] = [], baseURL: String = "http://sandbox.invalid"
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.baseURL = baseURL
    }
}

/// An answer as it goes back.
package struct ProviderResponse: Sendable, Equatable {
    package var status: Int
    /// By lower-case name, in order.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package static func json(_ value: JSONValue, status: Int = 200) -> ProviderResponse {
        ProviderResponse(status: status, headers: [("content-type", "application/json")], body: value.bytes)
    }

    package static func html(_ text: String, status: Int) -> ProviderResponse {
        ProviderResponse(status: status, headers: [("content-type", "text/html")], body: Array(text.utf8))
    }

    package subscript(header name: String) -> String? { headers.first { $0.name == name }?.value }

    package static func == (left: Self, right: Self) -> Bool {
        left.status == right.status && left.body == right.body
            && left.headers.elementsEqual(right.headers, by: { $0 == $1 })
    }
}

/// What the sandbox does about a call: after `delay` of sandbox time comes the `ending`.
///
/// Admission has happened when a plan is made; a caller who leaves early has spent what the call costs.
package struct Plan: Sendable {
    package enum Ending: Sendable {
        case respond(ProviderResponse)
        /// Send the head and this much of the body, then cut the connection.
        case cut(ProviderResponse, afterBytes: Int)
        /// Send the pieces one by one, a pause between each; then end properly, or cut.
        case stream(ProviderResponse, pieces: [[UInt8]], pause: Duration, cut: Bool)
        /// A prediction as it will stand then; see ``SandboxCore/ending(of:at:)``.
        /// `waited` when the caller asked to wait for the end; `early` shows an output before the status does.
        case prediction(id: String, waited: Bool, early: Bool)
        /// A picture, which takes some milliseconds to draw: best outside of any lock.
        case picture(ProviderResponse, PictureRequest, form: PictureForm)
        /// Say nothing until the delay is over, then cut the connection.
        case silence
    }

    package enum PictureForm: Sendable, Equatable {
        case file
        /// The answer of an images endpoint, `n` pictures in base64.
        case base64(count: Int, created: Int)
    }

    package var delay: Duration
    package var ending: Ending

    package init(after delay: Duration = .zero, _ ending: Ending) {
        self.delay = delay
        self.ending = ending
    }
}
