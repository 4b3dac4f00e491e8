/// Requests and tokens of one account, admitted together or not at all.
///
/// A refused call spends nothing.
package struct AccountLimits: Sendable {
    package enum Dimension: String, Sendable { case requests, tokens }

    package enum Admission: Sendable, Equatable {
        case admitted
        /// It would fit after `wait`.
        case refused(Dimension, limit: Int, used: Int, requested: Int, wait: Duration)
        /// It would not fit into an empty minute.
        case tooLarge(limit: Int, requested: Int)
    }

    package private(set) var requests: RateLimit
    package private(set) var tokens: RateLimit

    package init(requestsPerMinute: Int, tokensPerMinute: Int, enforcement: Enforcement) {
        requests = RateLimit(perMinute: requestsPerMinute, enforcement: enforcement)
        tokens = RateLimit(perMinute: tokensPerMinute, enforcement: enforcement)
    }

    /// Admits one request of so many tokens, or says why not and for how long.
    package mutating func admit(tokens amount: Int, at now: Duration) -> Admission {
        advance(to: now)
        guard let tokenWait = tokens.wait(for: amount) else {
            return .tooLarge(limit: tokens.perMinute, requested: amount)
        }
        let requestWait = requests.wait(for: 1) ?? .zero
        guard max(requestWait, tokenWait) == .zero else {
            return tokenWait >= requestWait
                ? .refused(.tokens, limit: tokens.perMinute, used: tokens.used, requested: amount, wait: tokenWait)
                : .refused(.requests, limit: requests.perMinute, used: requests.used, requested: 1, wait: requestWait)
        }
        requests.spend(1)
        tokens.spend(amount)
        return .admitted
    }

    package mutating func advance(to now: Duration) {
        requests.advance(to: now)
        tokens.advance(to: now)
    }
}
