import Engine
import Providers

extension ReportedLimits {
    /// What a provider says beside its answer, as the pool that the call drew on counts it.
    package init(_ report: RateLimitReport) {
        self.init(requests: report.requests.map(Bucket.init), cost: report.tokens.map(Bucket.init))
    }
}

extension ReportedLimits.Bucket {
    fileprivate init(_ bucket: RateLimitReport.Bucket) {
        self.init(
            limit: bucket.limit.map(Double.init), remaining: bucket.remaining.map(Double.init), reset: bucket.reset)
    }
}
