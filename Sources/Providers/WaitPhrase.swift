import Outbound

/// Waits that providers hide in prose and in headers of their own.
enum WaitPhrase {
    /// The duration that follows `phrase`, such as "9.998s" after "try again in ". Nil when there is none; a day at most.
    static func seconds(in text: String, after phrase: String) -> Duration? {
        guard let found = text.firstRange(of: phrase) else { return nil }
        let rest = text[found.upperBound...].drop { $0 == "~" }
        let word = rest.prefix { $0.isASCII && ($0.isNumber || $0.isLetter || $0 == ".") }
        return duration(word.hasSuffix(".") ? String(word.dropLast()) : String(word))
    }

    /// Go's notation: `18ms`, `4.096s`, `6m0s`, `1h0m0s`. Nil for anything else; a day at most.
    static func duration(_ text: String) -> Duration? {
        guard !text.isEmpty, text.utf8.count <= 64 else { return nil }
        var seconds = 0.0
        var rest = text[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let value = Double(digits), let scale = units[String(unit)] else { return nil }
            seconds += value * scale
        }
        return RetryAfter.clamp(seconds, atMost: RetryAfter.day)
    }

    private static let units: [String: Double] = [
        "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3_600,
    ]
}
