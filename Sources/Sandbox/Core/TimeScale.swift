/// How sandbox time relates to the time of the callers.
///
/// Inside, everything is sandbox time: a `Duration` since the sandbox started, running `speed` times as fast as life.
/// On the wire everything is the caller's time, so that a client which waits for what a header says waits long enough.
package struct TimeScale: Sendable, Equatable {
    /// Sandbox seconds in a real one.
    package let speed: Double
    /// Unix time, in seconds, at which the sandbox started.
    package let epoch: Double

    package init(speed: Double, epoch: Double) {
        self.speed = speed
        self.epoch = epoch
    }

    /// Sandbox time after this much real time.
    package func sandbox(_ real: Duration) -> Duration { speed == 1 ? real : real * speed }

    /// The caller's wait for this much sandbox time.
    package func real(_ sandbox: Duration) -> Duration { speed == 1 ? sandbox : sandbox / speed }

    /// Unix time, in seconds, at a moment of sandbox time.
    package func unix(at now: Duration) -> Double { epoch + real(now).inSeconds }

    /// Date and time at a moment of sandbox time, in UTC with milliseconds.
    package func stamp(at now: Duration) -> String { TimeScale.stamp(unix: unix(at: now)) }

    /// `2026-11-21T00:00:00.100Z` for a Unix time.
    package static func stamp(unix: Double) -> String {
        let milliseconds = Int((unix * 1000).rounded(.down))
        let (days, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        let (year, month, day) = civil(daysSince1970: days)
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        let clock = "\(padded(rest / 3_600_000, 2)):\(padded(rest / 60_000 % 60, 2)):\(padded(rest / 1000 % 60, 2))"
        return "\(date)T\(clock).\(padded(rest % 1000, 3))Z"
    }

    /// Day, month and year of the Gregorian calendar; days after 1970 only.
    private static func civil(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        // Years are counted from 1 March, so that the leap day is the last of its year.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

extension Duration {
    /// Seconds with their fraction.
    package var inSeconds: Double { self / .seconds(1) }
    /// Whole nanoseconds, rounded down.
    package var inNanoseconds: Int {
        Int(components.seconds) * 1_000_000_000 + Int(components.attoseconds / 1_000_000_000)
    }
    /// Whole milliseconds, rounded down.
    package var inMilliseconds: Int { inNanoseconds / 1_000_000 }
}
