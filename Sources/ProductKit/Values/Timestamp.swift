import Foundation

/// An instant, in milliseconds since 1970 UTC; ISO 8601 text in JSON.
package struct Timestamp: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }
    package init(_ date: Date) { milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded()) }

    /// As `\(milliseconds:)` reads it back: a whole number, give or take what floating point does to it.
    package init(stored: Double) { milliseconds = Int64(stored.rounded()) }

    package var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

    /// As `\(timestamp:)` writes it.
    package var stored: Double { Double(milliseconds) }

    package func adding(_ duration: Duration) -> Timestamp {
        Timestamp(milliseconds: milliseconds + duration.components.seconds * 1000)
    }

    /// Such as `2026-11-21T08:30:00.250Z`.
    package var description: String {
        // The style cuts off what is beyond the millisecond, and a binary fraction may lie a hair below it.
        Date(timeIntervalSince1970: (Double(milliseconds) + 0.25) / 1000).formatted(Self.style)
    }

    package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do { self.init(try Self.style.parse(text)) } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an instant")
        }
    }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}
