/// Why a call of Wix is refused, as Wix says it.
package struct WixProblem: Error, Equatable {
    package var status: Int
    package var message: String
    /// A word for programs; nil for a violated rule or for silence.
    package var code: String?
    package var field: String?
    package var rule: String?

    package init(status: Int, _ message: String, code: String? = nil, field: String? = nil, rule: String? = nil) {
        self.status = status
        self.message = message
        self.code = code
        self.field = field
        self.rule = rule
    }

    package var response: ProviderResponse {
        var body = JSONObject([("message", .string(message))])
        if let details { body["details"] = .object(details) }
        return .json(.object(body), status: status)
    }

    /// What stands beside the message; also, as a member `error`, in what partly failed.
    var details: JSONObject? {
        if let code {
            return JSONObject([
                (
                    "applicationError",
                    ["code": .string(code), "description": .string(message), "data": .object(JSONObject())]
                )
            ])
        }
        guard let field else { return nil }
        let violation: JSONValue = [
            "field": .string(field), "description": .string(message), "violatedRule": JSONValue(rule),
            "ruleName": JSONValue(rule), "data": .object(JSONObject()),
        ]
        return JSONObject([("validationError", ["fieldViolations": [violation]])])
    }

    static let unauthenticated = WixProblem(status: 401, "UNAUTHENTICATED", code: "UNAUTHENTICATED")
    static let notFound = WixProblem(status: 404, "not found", code: "NOT_FOUND")
    static let throttled = WixProblem(status: 429, "", code: "RESOURCE_EXHAUSTED")
    /// How bursts are turned away at times: without a word.
    static let silent = WixProblem(status: 403, "")
    static let forbidden = WixProblem(status: 403, "PERMISSION_DENIED: the app has no such scope", code: "FORBIDDEN")

    static func invalid(_ field: String, _ message: String, rule: String = "INVALID") -> WixProblem {
        WixProblem(status: 400, message, field: field, rule: rule)
    }

    /// The answer that a scripted fault stands for; nil when it is not simply an answer.
    init?(scripted fault: Fault) {
        switch fault {
        case .rateLimited: self = .throttled
        case .silentForbidden: self = .silent
        case .invalidKey: self = .unauthenticated
        case .forbidden: self = .forbidden
        case .serverError: self.init(status: 500, "INTERNAL", code: "INTERNAL")
        case .overloaded: self.init(status: 503, "UNAVAILABLE", code: "UNAVAILABLE")
        default: return nil
        }
    }
}
