/// Why a provider's answer cannot be used. Classifies itself; nobody else guesses.
package struct ProviderError: Error, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// Too many calls or tokens for now (429): the whole pool should pause.
        case rateLimited = "provider.rate_limited"
        /// A day's worth of calls or tokens is used up (429): nothing is granted before the day ends.
        case dailyLimit = "provider.daily_limit"
        /// Credit, budget or billing is used up: only an operator can help.
        case quotaExhausted = "provider.quota_exhausted"
        /// This one request is larger than the limit and never fits.
        case requestTooLarge = "provider.request_too_large"
        /// The provider calls the request wrong (400, 422).
        case rejected = "provider.rejected"
        case unauthorized = "provider.unauthorized"
        case modelNotFound = "provider.model_not_found"
        /// The model declines to answer this prompt.
        case refused = "provider.refused"
        /// The answer was cut off at the token limit; it was paid.
        case truncated = "provider.truncated"
        /// A safety filter stopped the answer or the image.
        case contentFiltered = "provider.content_filtered"
        /// The answer is not what the protocol or the schema says; it may have been paid.
        case malformed = "provider.malformed"
        /// The provider answers that it cannot serve now (5xx).
        case unavailable = "provider.unavailable"
        /// No whole answer: no connection, or it broke.
        case unreachable = "provider.unreachable"
        case timedOut = "provider.timed_out"
        /// The provider no longer has what was asked for, such as an image older than an hour.
        case gone = "provider.gone"
    }

    package enum Retry: Sendable, Equatable {
        case never, backoff
        case after(Duration)
        /// Refused for everyone's sake: pause the pool (for this long when the provider says so) and count no attempt.
        case refused(after: Duration?)
    }

    package let code: Code
    /// Ours. Never the provider's body: it echoes prompts.
    package let message: String
    /// What an operator should do next.
    package let hint: String?
    package let retry: Retry
    /// What was paid although the answer was useless; nil when nothing was, no tokens when the provider counts none.
    package let usage: TokenUse?
    /// True when the provider may have acted on the request: look before creating again.
    package let sent: Bool
    /// What the provider said of its limits beside its answer.
    package let rateLimits: RateLimitReport
    package let requestID: String?
    package let cause: (any Error)?

    package init(
        _ code: Code, _ message: String, hint: String? = nil, retry: Retry, usage: TokenUse? = nil, sent: Bool = true,
        rateLimits: RateLimitReport = RateLimitReport(), requestID: String? = nil, cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.retry = retry
        self.usage = usage
        self.sent = sent
        self.rateLimits = rateLimits
        self.requestID = requestID
        self.cause = cause
    }

    package var description: String { "\(code.rawValue): \(message)" }

    /// The same, of a call that the provider has answered and charged for.
    func paid(_ usage: TokenUse) -> ProviderError {
        ProviderError(
            code, message, hint: hint, retry: retry, usage: usage, sent: true, rateLimits: rateLimits,
            requestID: requestID, cause: cause)
    }
}
