/// Something that goes wrong with a call, as it does in real life.
package enum Fault: String, Sendable, Codable, CaseIterable {
    // Refusals by the account.
    /// 429. With `retryAfter` it carries a `Retry-After`, without it none.
    case rateLimited = "rate_limited"
    case requestTooLarge = "request_too_large"
    case slowDown = "slow_down"
    case insufficientQuota = "insufficient_quota"
    case insufficientCredit = "insufficient_credit"
    case invalidKey = "invalid_key"
    case forbidden
    case badRequest = "bad_request"
    case modelNotFound = "model_not_found"
    // A service in trouble.
    case serverError = "server_error"
    /// 502 with a page of HTML, as a proxy in front of the service answers.
    case badGatewayHTML = "bad_gateway_html"
    case overloaded
    /// Never answers; the connection is cut in the end.
    case hang
    /// Ten times as slow.
    case slow
    /// The connection is cut in the middle of the answer.
    case halfBody = "half_body"
    /// An error inside a stream that began well.
    case streamError = "stream_error"
    // Answers that are no use.
    /// The text of the answer is not JSON.
    case badJSON = "bad_json"
    /// The text is JSON, but not as the schema has it.
    case wrongSchema = "wrong_schema"
    case refusal
    /// Cut off at the limit of tokens.
    case length
    case contentFilter = "content_filter"
    // Images.
    case imageFailed = "image_failed"
    case imageFlagged = "image_flagged"
    /// A waiting caller gets the output while the status still says `processing`.
    case earlyOutput = "early_output"
    case webhookLost = "webhook_lost"
    case webhookDuplicate = "webhook_duplicate"
}

extension Fault {
    /// Whether such a thing can happen to calls of this operation.
    package func applies(to operation: Operation) -> Bool {
        switch self {
        case .rateLimited, .serverError, .badGatewayHTML, .overloaded, .hang, .slow, .halfBody, .invalidKey, .forbidden:
            operation != .webhook
        case .requestTooLarge, .slowDown, .insufficientQuota, .streamError, .wrongSchema, .refusal, .length,
            .contentFilter:
            operation.isChat
        case .badRequest, .modelNotFound: operation.isChat || operation == .imageGeneration || operation == .imageCreate
        case .badJSON: operation.isChat || operation == .imageCreate || operation == .imageGet
        case .insufficientCredit, .earlyOutput: operation == .imageCreate
        case .imageFailed, .imageFlagged: operation == .imageCreate || operation == .imageGeneration
        case .webhookLost, .webhookDuplicate: operation == .webhook || operation == .imageCreate
        }
    }
}
