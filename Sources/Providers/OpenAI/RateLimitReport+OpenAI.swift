import HTTPTypes
import Outbound

extension RateLimitReport {
    /// Reads OpenAI's `x-ratelimit-…` headers; what is missing or odd stays nil.
    init(_ headers: HTTPFields) {
        self.init(requests: Self.bucket("requests", headers), tokens: Self.bucket("tokens", headers))
    }

    private static func bucket(_ kind: String, _ headers: HTTPFields) -> Bucket? {
        func text(_ part: String) -> String? { headers[.known("x-ratelimit-\(part)-\(kind)")] }
        let bucket = Bucket(
            limit: text("limit").flatMap { Int($0) }, remaining: text("remaining").flatMap { Int($0) },
            reset: text("reset").flatMap(WaitPhrase.duration))
        return bucket == Bucket() ? nil : bucket
    }
}
