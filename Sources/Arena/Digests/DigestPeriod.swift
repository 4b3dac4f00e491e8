import Foundation
import ProductKit

/// A day or a week in somebody's zone that has ended, or the day that is under way.
struct DigestPeriod: Sendable, Codable, Equatable {
    /// Its first day.
    let name: String
    let begin: Timestamp
    let end: Timestamp

    static func day(before now: Timestamp, zone: String, isToday: Bool = false) -> DigestPeriod {
        let calendar = Self.calendar(zone)
        let today = calendar.startOfDay(for: now.date)
        let begin = isToday ? today : calendar.date(byAdding: .day, value: -1, to: today) ?? today
        let end = calendar.date(byAdding: .day, value: 1, to: begin) ?? begin
        return DigestPeriod(from: begin, to: end, zone: zone)
    }

    /// The week that ended last, from Monday to Monday.
    static func week(before now: Timestamp, zone: String) -> DigestPeriod {
        let calendar = Self.calendar(zone)
        let today = calendar.startOfDay(for: now.date)
        let sinceMonday = (calendar.component(.weekday, from: today) + 5) % 7
        let end = calendar.date(byAdding: .day, value: -sinceMonday, to: today) ?? today
        let begin = calendar.date(byAdding: .day, value: -7, to: end) ?? end
        return DigestPeriod(from: begin, to: end, zone: zone)
    }

    private init(from begin: Date, to end: Date, zone: String) {
        name = QuotaDay(at: Timestamp(begin), zone: zone).name
        self.begin = Timestamp(begin)
        self.end = Timestamp(end)
    }

    /// Whether it is that many hours after the period's end by the clocks of the zone, so that on the day on which clocks
    /// change six o'clock is six o'clock.
    func isOver(bySince hour: Int, at now: Timestamp, zone: String) -> Bool {
        let due = Self.calendar(zone).date(bySettingHour: hour, minute: 0, second: 0, of: end.date) ?? end.date
        return now.date >= due
    }

    private static func calendar(_ zone: String) -> Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: zone) ?? .gmt
        return calendar
    }
}
