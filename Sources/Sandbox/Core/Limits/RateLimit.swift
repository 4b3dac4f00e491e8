/// One limit per minute on one thing (requests or tokens), kept in one of the ways of ``Enforcement``.
///
/// Times are sandbox time and may arrive slightly out of order: an earlier time counts as the latest seen.
package enum RateLimit: Sendable {
    case bucket(TokenBucket)
    case log(StrictLog)

    package init(perMinute: Int, enforcement: Enforcement) {
        switch enforcement {
        case .continuousMinute: self = .bucket(TokenBucket(perMinute: perMinute, secondsHeld: 60))
        case .tenSecond: self = .bucket(TokenBucket(perMinute: perMinute, secondsHeld: 10))
        case .oneSecond: self = .bucket(TokenBucket(perMinute: perMinute, secondsHeld: 1))
        case .strictLog: self = .log(StrictLog(perMinute: perMinute))
        }
    }

    package var perMinute: Int {
        switch self {
        case .bucket(let bucket): bucket.perMinute
        case .log(let log): log.perMinute
        }
    }

    /// What counts as spent at the moment, rounded up.
    package var used: Int {
        switch self {
        case .bucket(let bucket): bucket.used
        case .log(let log): log.used
        }
    }

    /// Time until nothing counts as spent any more.
    package var reset: Duration {
        switch self {
        case .bucket(let bucket): bucket.reset
        case .log(let log): log.reset
        }
    }

    /// Lets time pass.
    package mutating func advance(to now: Duration) {
        switch self {
        case .bucket(var bucket):
            bucket.advance(to: now)
            self = .bucket(bucket)
        case .log(var log):
            log.advance(to: now)
            self = .log(log)
        }
    }

    /// Time until `amount` fits; zero when it fits now, nil when it never will.
    package func wait(for amount: Int) -> Duration? {
        switch self {
        case .bucket(let bucket): bucket.wait(for: amount)
        case .log(let log): log.wait(for: amount)
        }
    }

    /// Spends `amount`, which fits.
    package mutating func spend(_ amount: Int) {
        switch self {
        case .bucket(var bucket):
            bucket.spend(amount)
            self = .bucket(bucket)
        case .log(var log):
            log.spend(amount)
            self = .log(log)
        }
    }
}
