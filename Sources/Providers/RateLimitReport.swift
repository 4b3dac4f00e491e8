/// What a provider says about its limits beside an answer. Any part may be missing.
package struct RateLimitReport: Sendable, Equatable {
    package struct Bucket: Sendable, Equatable {
        package var limit: Int?
        package var remaining: Int?
        /// Until the bucket is full again, not until the next call fits.
        package var reset: Duration?

        package init(limit: Int? = nil, remaining: Int? = nil, reset: Duration? = nil) {
            self.limit = limit
            self.remaining = remaining
            self.reset = reset
        }
    }

    package var requests: Bucket?
    package var tokens: Bucket?

    package init(requests: Bucket? = nil, tokens: Bucket? = nil) {
        self.requests = requests
        self.tokens = tokens
    }
}
