import FoundationEssentials
import HTTPTypes

/// The wait a server asks for: `retry-after-ms`, or `Retry-After` in seconds or as a date (RFC 9110 §10.2.3).
package enum RetryAfter {
    /// What an hour costs is one call in vain, and a server may be wrong about itself: longer waits are read as this.
    package static let longest = Duration.seconds(3_600)
    /// For refusals that are said to last until the day is over.
    package static let day = Duration.seconds(86_400)

    /// Nil when there is no hint or it cannot be read.
    ///
    /// - Parameter now: what a date in the header is measured against; a date that has passed gives zero.
    /// - Parameter most: what longer waits are read as.
    package static func wait(in headers: HTTPFields, now: Date, atMost most: Duration = longest) -> Duration? {
        if let text = headers[.retryAfterMilliseconds], let milliseconds = number(text) {
            return clamp(milliseconds / 1_000, atMost: most)
        }
        guard let text = headers[.retryAfter] else { return nil }
        if let seconds = number(text) { return clamp(seconds, atMost: most) }
        return HTTPDate.parse(text).map { clamp($0.timeIntervalSince(now), atMost: most) }
    }

    /// Seconds as a duration of zero or more, rounded up to the millisecond: early is worse than late.
    ///
    /// - Parameter most: a day at most.
    package static func clamp(_ seconds: Double, atMost most: Duration = longest) -> Duration {
        // Less a thousandth of a millisecond, so that 4.096 does not become 4,097 by a float's last digit.
        min(most, .milliseconds(Int((min(max(seconds, 0), 86_400) * 1_000 - 1e-3).rounded(.up))))
    }

    private static func number(_ text: String) -> Double? {
        let trimmed = text.split(separator: " ").joined()
        guard !trimmed.isEmpty, trimmed.utf8.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: ".") }) else {
            return nil
        }
        return Double(trimmed)
    }
}

extension HTTPField.Name {
    static var retryAfterMilliseconds: HTTPField.Name {
        guard let name = HTTPField.Name("retry-after-ms") else { preconditionFailure("a literal header name is valid") }
        return name
    }
}
