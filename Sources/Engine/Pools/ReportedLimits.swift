/// What a provider says about its limits beside an answer, such as in `x-ratelimit-…` headers. Any part may be missing.
public struct ReportedLimits: Sendable, Equatable {
    /// One limit, per minute, and what was left of it when the call was admitted.
    public struct Bucket: Sendable, Equatable {
        public var limit: Double?
        public var remaining: Double?
        /// Until nothing of it is used any more.
        public var reset: Duration?
        public init(limit: Double? = nil, remaining: Double? = nil, reset: Duration? = nil) {
            self.limit = limit
            self.remaining = remaining
            self.reset = reset
        }
    }

    public var requests: Bucket?
    /// In the pool's unit of cost.
    public var cost: Bucket?

    public init(requests: Bucket? = nil, cost: Bucket? = nil) {
        self.requests = requests
        self.cost = cost
    }
}

extension ReportedLimits.Bucket {
    /// Whether it speaks of a bucket that holds a minute and refills evenly: its reset is the time that what is used
    /// takes to flow back. Nil when that cannot be told: a log of the last minute looks the same once it is nearly full.
    var refillsEvenly: Bool? {
        guard let limit, let remaining, let reset, limit > 0, remaining >= 0.2 * limit else { return nil }
        let used = reset.milliseconds / 60_000 * limit
        return abs(used - (limit - remaining)) <= 0.02 * limit
    }
}
