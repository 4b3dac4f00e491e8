import Foundation

/// Reading the dates that callers send.
enum Timestamp {
    /// Unix time in seconds of `2026-11-21T10:00:00Z`, with or without a fraction; nil for anything else.
    static func unix(_ text: String) -> Double? {
        for hasFraction in [true, false] {
            // A failed reading only means that the other form must be tried.
            if let date = try? Date.ISO8601FormatStyle(includingFractionalSeconds: hasFraction).parse(text) {
                return date.timeIntervalSince1970
            }
        }
        return nil
    }
}
