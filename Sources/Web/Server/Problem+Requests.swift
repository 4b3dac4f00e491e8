import HTTPTypes
import Hummingbird

/// What can be wrong with any request, whatever it asks for.
extension Problem {
    static let noRoute = Problem(
        .notFound, code: "route.unknown", detail: "There is nothing at this address.",
        hint: "The routes are listed in the documentation; check the path for typing mistakes.")

    static func methodNotAllowed(_ method: HTTPRequest.Method, allowed: [HTTPRequest.Method]) -> Problem {
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        return Problem(
            .methodNotAllowed, code: "route.method_not_allowed",
            detail: "This address does not take \(method.rawValue).",
            hint: "It takes \(names).", headers: [.allow: names])
    }

    static func bodyTooLarge(bytesMax: Int) -> Problem {
        Problem(
            .contentTooLarge, code: "request.too_large", detail: "The body is larger than \(bytesMax) bytes.",
            hint: "Send less, or in several requests.", headers: [.connection: "close"],
            members: ["bytesMax": .integer(Int64(bytesMax))])
    }

    static func bodyTooSlow(after limit: Duration) -> Problem {
        Problem(
            .requestTimeout, code: "request.too_slow",
            detail: "The body did not arrive within \(limit.components.seconds) seconds.",
            hint: "Send the whole body at once.", headers: [.connection: "close"])
    }

    static func deadlineExceeded(after limit: Duration) -> Problem {
        Problem(
            .serviceUnavailable, code: "request.deadline",
            detail: "The answer was not ready within \(limit.components.seconds) seconds.",
            hint: "Send the request again in a moment, with the same Idempotency-Key if it creates something.",
            headers: [.retryAfter: "5"])
    }

    static func badQuery(_ name: String, _ detail: String) -> Problem {
        Problem(
            .badRequest, code: "request.invalid_query", detail: "The query parameter \(name) \(detail)",
            hint: "Leave it out to use the default.", members: ["parameter": .string(name)])
    }

    static let crossSite = Problem(
        .forbidden, code: "request.cross_site", detail: "The request did not come from a page of this server.",
        hint: "Open the page anew and use its own buttons; programs use the API with a key.")

    static func wrongHost(_ hint: String) -> Problem {
        Problem(
            .misdirectedRequest, code: "request.wrong_host",
            detail: "This server does not answer under that host name.",
            hint: hint)
    }

    static let internalFailure = Problem(
        .internalServerError, code: "server.failure",
        detail: "Something went wrong on this server; it has been logged.",
        hint: "Try again; if it happens again, give the operator the X-Request-Id of this answer.")
}
