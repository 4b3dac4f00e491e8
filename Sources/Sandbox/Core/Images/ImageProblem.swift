/// Why a call of the image service is refused, as the service says it.
package struct ImageProblem: Error, Equatable {
    package var status: Int
    package var title: String?
    package var detail: String
    /// The member that is wrong, of an invalid input.
    package var field: String?
    /// Whole seconds to wait, in the body; the service sends no headers.
    package var retryAfter: Int?

    package init(status: Int, title: String? = nil, detail: String, field: String? = nil, retryAfter: Int? = nil) {
        self.status = status
        self.title = title
        self.detail = detail
        self.field = field
        self.retryAfter = retryAfter
    }

    package var response: ProviderResponse {
        var body = JSONObject()
        if let title { body["title"] = .string(title) }
        body["detail"] = .string(detail)
        body["status"] = .int(status)
        if let retryAfter { body["retry_after"] = .int(retryAfter) }
        if let field {
            body["invalid_fields"] = [
                ["type": "invalid", "field": .string(field), "description": .string(detail)]
            ]
        }
        return .json(.object(body), status: status)
    }

    static let unauthenticated = ImageProblem(
        status: 401, title: "Unauthenticated", detail: "You did not pass a valid authentication token")
    static let notFound = ImageProblem(status: 404, detail: "The requested resource could not be found.")
    static let methodNotAllowed = ImageProblem(status: 405, detail: "Method not allowed.")

    /// The limit's refusal; its seconds are the caller's.
    static func throttled(seconds: Int) -> ImageProblem {
        ImageProblem(status: 429, detail: "Request was throttled. Your rate limit resets in ~\(seconds)s.")
    }

    static func invalid(_ field: String, _ problem: String) -> ImageProblem {
        ImageProblem(
            status: 422, title: "Input validation failed", detail: "- \(field): \(problem)\n", field: field)
    }

    /// The answer that a scripted fault stands for; nil when it is not simply an answer.
    init?(scripted strike: FaultScript.Strike, scale: TimeScale) {
        switch strike.fault {
        case .rateLimited:
            let seconds = strike.retryAfter.map { Int(scale.real(.seconds($0)).inSeconds.rounded(.up)) }
            self =
                seconds.map { .throttled(seconds: $0) } ?? ImageProblem(status: 429, detail: "Request was throttled.")
        case .insufficientCredit:
            self.init(
                status: 402, title: "Insufficient credit",
                detail: "You have insufficient credit to run this model. Go to your billing page to add some.")
        case .invalidKey: self = .unauthenticated
        case .forbidden: self.init(status: 403, title: "Forbidden", detail: "You may not use this model.")
        case .badRequest: self = .invalid("input.prompt", "not a valid prompt")
        case .modelNotFound: self = .notFound
        case .serverError: self.init(status: 500, detail: "Internal server error.")
        case .overloaded: self.init(status: 503, detail: "Service unavailable.")
        default: return nil
        }
    }
}
