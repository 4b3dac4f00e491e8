import FoundationEssentials
import HTTPTypes

/// The wait a server asks for: `retry-after-ms`, or `Retry-After` in seconds or as a date (RFC 9110 §10.2.3).
package enum RetryAfter {
    /// A longer wait than a day is no wait but a refusal, and is read as a day.
    package static let longest = Duration.seconds(86_400)

    /// Nil when there is no hint or it cannot be read.
    ///
    /// - Parameter now: what a date in the header is measured against; a date that has passed gives zero.
    package static func wait(in headers: HTTPFields, now: Date) -> Duration? {
        if let text = headers[.retryAfterMilliseconds], let milliseconds = number(text) {
            return clamp(milliseconds / 1_000)
        }
        guard let text = headers[.retryAfter] else { return nil }
        if let seconds = number(text) { return clamp(seconds) }
        return HTTPDate.parse(text).map { clamp($0.timeIntervalSince(now)) }
    }

    /// Seconds as a duration between zero and ``longest``, rounded up to the millisecond: early is worse than late.
    package static func clamp(_ seconds: Double) -> Duration {
        // Less a thousandth of a millisecond, so that 4.096 does not become 4,097 by a float's last digit.
        .milliseconds(Int((min(max(seconds, 0), 86_400) * 1_000 - 1e-3).rounded(.up)))
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
