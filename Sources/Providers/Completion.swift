/// A model's whole answer to one ``Prompt``.
package struct Completion: Sendable {
    package var content: String
    /// As the provider says it; usually "stop". Nil when it does not say.
    package var finishReason: String?
    /// Nil when a compatible endpoint does not report it; bill the estimate then.
    package var usage: TokenUse?
    /// The exact model that answered, often with a date.
    package var model: String
    package var requestID: String?
    package var rateLimits: RateLimitReport

    package init(
        content: String, finishReason: String? = "stop", usage: TokenUse?, model: String, requestID: String? = nil,
        rateLimits: RateLimitReport = RateLimitReport()
    ) {
        self.content = content
        self.finishReason = finishReason
        self.usage = usage
        self.model = model
        self.requestID = requestID
        self.rateLimits = rateLimits
    }
}
