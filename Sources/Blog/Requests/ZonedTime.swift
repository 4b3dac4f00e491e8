import Foundation
import ProductKit

/// Reads times as people write them: with an offset, or local in a named zone.
enum ZonedTime {
    enum Reading: Equatable {
        case instant(Timestamp)
        /// A local time, but no zone was given.
        case needsZone
        case unreadable
        /// The local time falls into the hour that the zone's clocks skip.
        case skipped
    }

    /// Nil for a name that the time zone database does not know. Abbreviations such as `PST` are ambiguous and unknown.
    static func zone(named name: String) -> TimeZone? {
        guard name == "UTC" || name.contains("/") else { return nil }
        return TimeZone(identifier: name)
    }

    static func read(_ text: String, zone name: String?) -> Reading {
        if let instant = instant(text) { return .instant(instant) }
        guard let local = components(text) else { return .unreadable }
        guard let name else { return .needsZone }
        guard let zone = zone(named: name) else { return .unreadable }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        guard let date = calendar.date(from: local) else { return .unreadable }
        // A skipped or impossible time is moved by the calendar: what comes back then reads differently.
        let back = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        guard (back.year, back.month, back.day) == (local.year, local.month, local.day) else { return .unreadable }
        guard (back.hour, back.minute, back.second) == (local.hour, local.minute, local.second) else { return .skipped }
        return .instant(Timestamp(date))
    }

    /// With `Z` or an offset, seconds and their fractions optional.
    private static func instant(_ text: String) -> Timestamp? {
        guard let zone = text.wholeMatch(of: /(.*?)(Z|z|[+-]\d\d:?\d\d)/), let local = components(String(zone.1)) else {
            return nil
        }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        guard let date = calendar.date(from: local), let offset = offsetSeconds(zone.2) else { return nil }
        let back = calendar.dateComponents([.day, .hour], from: date)
        guard (back.day, back.hour) == (local.day, local.hour) else { return nil }
        return Timestamp(date.addingTimeInterval(-Double(offset)))
    }

    private static func offsetSeconds(_ text: Substring) -> Int? {
        guard text.lowercased() != "z" else { return 0 }
        let digits = text.filter(\.isNumber)
        guard let hours = Int(digits.prefix(2)), let minutes = Int(digits.suffix(2)), hours <= 18, minutes < 60 else {
            return nil
        }
        return (hours * 3600 + minutes * 60) * (text.hasPrefix("-") ? -1 : 1)
    }

    private static func components(_ text: String) -> DateComponents? {
        guard
            let match = text.wholeMatch(
                of: /([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?/)
        else { return nil }
        let numbers = [match.1, match.2, match.3, match.4, match.5, match.6 ?? "0"].compactMap { Int($0) }
        guard numbers.count == 6, (1...12).contains(numbers[1]), (1...31).contains(numbers[2]), numbers[3] < 24,
            numbers[4] < 60, numbers[5] < 60
        else { return nil }
        return DateComponents(
            year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4],
            second: numbers[5])
    }
}
