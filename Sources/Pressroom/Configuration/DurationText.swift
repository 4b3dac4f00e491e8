import Foundation

/// Lengths of time with their unit: `400ms`, `15s`, `10m`, `2h`, `14d`.
enum DurationText {
    // "ms" stands before "m" and "s": the first suffix that fits decides.
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// `nil` without a unit: a bare `15` could mean seconds or milliseconds, and guessing wrong costs hours.
    static func parse(_ text: String) -> Duration? {
        for unit in units where text.hasSuffix(unit.name) {
            let number = text.dropLast(unit.name.count).trimmingCharacters(in: .whitespaces)
            guard let value = NumberText.parseDecimal(number) else { return nil }
            return Int64(exactly: (value * Double(unit.milliseconds)).rounded()).map { .milliseconds($0) }
        }
        return nil
    }

    /// In the largest unit that divides it.
    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        guard milliseconds != 0 else { return "0s" }
        let unit = units.last { milliseconds.isMultiple(of: $0.milliseconds) } ?? units[0]
        return "\(milliseconds / unit.milliseconds)\(unit.name)"
    }
}
