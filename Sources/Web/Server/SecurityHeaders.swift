import HTTPTypes
import Hummingbird

/// The headers that keep pages to themselves: nothing is loaded from elsewhere, nothing is guessed, nothing frames them
/// unless configured.
struct SecurityHeaders: Sendable {
    /// Origins that may show the pages in a frame; empty for none.
    let frameAncestors: [String]

    static let contentSecurityPolicy = HTTPField.Name("Content-Security-Policy")!

    private var policy: String {
        let ancestors = frameAncestors.isEmpty ? "'none'" : frameAncestors.joined(separator: " ")
        return """
            default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
            form-action 'self'; base-uri 'none'; frame-ancestors \(ancestors)
            """
    }

    /// Adds what the response does not say itself.
    func apply(to headers: inout HTTPFields) {
        if headers[Self.contentSecurityPolicy] == nil { headers[Self.contentSecurityPolicy] = policy }
        headers[.xContentTypeOptions] = "nosniff"
        headers[HTTPField.Name("Referrer-Policy")!] = "same-origin"
        headers[HTTPField.Name("Cross-Origin-Opener-Policy")!] = "same-origin"
        if frameAncestors.isEmpty { headers[HTTPField.Name("X-Frame-Options")!] = "DENY" }
    }
}
