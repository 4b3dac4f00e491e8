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
    // Wix.
    /// 403 without a word, which means that there were too many calls.
    case silentForbidden = "silent_forbidden"
    /// The site's owner removes the app just when it calls.
    case appRemoved = "app_removed"
    // Wix as well: the work is done, and answered with what no service should send.
    /// 504 with a page of HTML.
    case gatewayTimeout = "gateway_timeout"
    /// 302 to the same address, for ever.
    case redirect
    /// A byte a second.
    case slowDrip = "slow_drip"
    /// 64 MiB of blanks.
    case hugeBody = "huge_body"
    /// A header of 300,000 characters.
    case hugeHeader = "huge_header"
    /// Packed, although nobody has asked for it.
    case encodedBody = "encoded_body"
    /// The text breaks off in the middle of a character.
    case brokenUTF8 = "broken_utf8"
    /// Each member comes twice.
    case doubleMembers = "double_members"
    /// A hundred thousand arrays in each other.
    case deepJSON = "deep_json"
    /// A number of a million digits.
    case longNumber = "long_number"
    /// `NaN`, which JSON does not have.
    case notANumber = "not_a_number"
    // Deliveries.
    /// A prediction's report never comes; of a message of Wix's, this attempt.
    case webhookLost = "webhook_lost"
    case webhookDuplicate = "webhook_duplicate"
    /// Wix: it arrives, and the receiver's answer is lost, so it comes again.
    case webhookAnswerLost = "webhook_answer_lost"
    /// Wix: signed by somebody else. The next attempt is genuine.
    case webhookForged = "webhook_forged"
}

extension Fault {
    /// Whether such a thing can happen to calls of this operation.
    package func applies(to operation: Operation) -> Bool {
        switch self {
        case .rateLimited, .serverError, .badGatewayHTML, .overloaded, .hang, .slow, .halfBody, .invalidKey, .forbidden:
            !operation.isDelivery
        case .requestTooLarge, .slowDown, .insufficientQuota, .streamError, .refusal, .length, .contentFilter:
            operation.isChat
        case .wrongSchema: operation.isChat || operation.isWix
        case .badRequest, .modelNotFound: operation.isChat || operation == .imageGeneration || operation == .imageCreate
        case .badJSON:
            operation.isChat || operation == .imageCreate || operation == .imageGet || operation.isWix
        case .insufficientCredit, .earlyOutput: operation == .imageCreate
        case .imageFailed:
            operation == .imageCreate || operation == .imageGeneration || operation == .wixUpload
        case .imageFlagged: operation == .imageCreate || operation == .imageGeneration
        case .gatewayTimeout, .redirect, .slowDrip, .hugeBody, .hugeHeader, .encodedBody, .brokenUTF8, .doubleMembers,
            .deepJSON, .longNumber, .notANumber:
            operation.isWix || operation.isChat || operation == .imageCreate || operation == .imageGet
        case .silentForbidden, .appRemoved: operation.isWix
        case .webhookLost, .webhookDuplicate: operation.isDelivery || operation == .imageCreate
        case .webhookAnswerLost, .webhookForged: operation == .wixWebhook
        }
    }
}
