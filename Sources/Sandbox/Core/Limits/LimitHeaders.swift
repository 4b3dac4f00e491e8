/// The `x-ratelimit-…` headers of the language model.
///
/// They give the account's view per minute of the caller's time, whatever smaller bucket really decides (real services
/// are no franker), and they are consistent: `reset = (limit − remaining) × 60 / limit` for every kind of bucket and
/// every speed. A strict log resets when its newest entry leaves the window.
package struct LimitHeaders: Sendable {
    package let fields: [(name: String, value: String)]

    package init(_ limits: AccountLimits, scale: TimeScale) {
        func trio(_ limit: RateLimit, _ thing: String) -> [(name: String, value: String)] {
            let perRealMinute = Int((Double(limit.perMinute) * scale.speed).rounded())
            return [
                ("x-ratelimit-limit-\(thing)", String(perRealMinute)),
                ("x-ratelimit-remaining-\(thing)", String(max(0, perRealMinute - limit.used))),
                ("x-ratelimit-reset-\(thing)", LimitHeaders.text(scale.real(limit.reset))),
            ]
        }
        fields = trio(limits.requests, "requests") + trio(limits.tokens, "tokens")
    }

    /// A duration as these headers write it: `18ms`, `4.096s`, `1m30.951s`, `1h0m0s`. Finer than milliseconds is cut off.
    package static func text(_ duration: Duration) -> String {
        let milliseconds = max(0, duration.inMilliseconds)
        guard milliseconds >= 1000 else { return milliseconds == 0 ? "0s" : "\(milliseconds)ms" }
        let (minutes, rest) = milliseconds.quotientAndRemainder(dividingBy: 60_000)
        let seconds = seconds(milliseconds: rest)
        if minutes >= 60 { return "\(minutes / 60)h\(minutes % 60)m\(seconds)s" }
        return minutes > 0 ? "\(minutes)m\(seconds)s" : "\(seconds)s"
    }

    /// Seconds with up to three decimals and no trailing zeros.
    package static func seconds(milliseconds: Int) -> String {
        let (whole, thousandths) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        guard thousandths > 0 else { return String(whole) }
        var digits = String(1000 + thousandths).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}
