extension ChatProblem {
    static let organization = "org-sandbox"

    static let invalidKey = ChatProblem(
        "Incorrect API key provided. The sandbox accepts any key that does not contain 'invalid'.", status: 401,
        code: "invalid_api_key")

    static let missingKey = ChatProblem(
        "You didn't provide an API key. Send it in an Authorization header: 'Authorization: Bearer KEY'.", status: 401)

    static let serverError = ChatProblem(
        "The server had an error while processing your request.", status: 500, type: "server_error",
        code: "server_error")

    static let overloaded = ChatProblem(
        "The server is overloaded. Please retry later.", status: 503, type: "service_unavailable_error",
        code: "server_is_overloaded")

    static func modelNotFound(_ model: String) -> ChatProblem {
        ChatProblem(
            "The model `\(model)` does not exist or you do not have access to it.", status: 404,
            code: "model_not_found")
    }

    /// A temporary refusal. `wait` is the caller's time.
    static func limitReached(
        _ dimension: AccountLimits.Dimension, model: String, limit: Int, used: Int, requested: Int, wait: Duration
    ) -> ChatProblem {
        let unit = dimension == .tokens ? "tokens per min (TPM)" : "requests per min (RPM)"
        return ChatProblem(
            "Rate limit reached for \(model) in organization \(organization) on \(unit): Limit \(limit), Used \(used), "
                + "Requested \(requested). Please try again in \(LimitHeaders.text(wait)). "
                + "Visit https://platform.openai.com/account/rate-limits to learn more.",
            status: 429, type: dimension.rawValue, code: "rate_limit_exceeded")
    }

    static func tooLarge(model: String, limit: Int, requested: Int) -> ChatProblem {
        ChatProblem(
            "Request too large for \(model) in organization \(organization) on tokens per min (TPM): Limit \(limit), "
                + "Requested \(requested). The input or output tokens must be reduced in order to run successfully.",
            status: 429, type: "tokens", code: "rate_limit_exceeded")
    }

    /// The refusal that a scripted fault stands for; nil when the fault is not a refusal.
    init?(scripted fault: Fault, model: String, limit: Int) {
        switch fault {
        case .rateLimited:
            self = .limitReached(.tokens, model: model, limit: limit, used: limit, requested: 1000, wait: .seconds(1))
        case .requestTooLarge: self = .tooLarge(model: model, limit: limit, requested: limit * 2)
        case .slowDown:
            self.init(
                "Requests are growing too quickly. Please slow down and increase them gradually.", status: 429,
                type: "rate_limit_error", code: "slow_down")
        case .insufficientQuota:
            self.init(
                "You exceeded your current quota, please check your plan and billing details.", status: 429,
                type: "insufficient_quota", code: "insufficient_quota")
        case .invalidKey: self = .invalidKey
        case .forbidden:
            self.init("Country, region, or territory not supported.", status: 403, type: "request_forbidden")
        case .badRequest: self.init("Invalid value in the request.", param: "messages", code: "invalid_value")
        case .modelNotFound: self = .modelNotFound(model)
        default: return nil
        }
    }
}
