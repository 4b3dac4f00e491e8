import Engine
import Foundation
import Logging
import Web

/// Time and chance of the real world, handed down as arguments.
enum Surroundings {
    static let clock = ContinuousClock()
    static let wallClock: @Sendable () -> Date = { Date() }
    static let milliseconds: @Sendable () -> Double = { Date().timeIntervalSince1970 * 1000 }
    /// Since 1970, to a quarter of a microsecond; for durations of less than a millisecond between processes.
    static let nanoseconds: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1e9) }
    static let timing = Timing(clock: clock, now: wallClock)
    static var random: RandomSource { RandomSource(SystemRandomNumberGenerator()) }
    static var environment: [String: String] { ProcessInfo.processInfo.environment }

    static func logger(_ logs: Configuration.Logs, quiet: Bool = false) -> Logger {
        var logger = Logger(label: "pressroom") { label in
            switch logs.format {
            case .json: JSONLogHandler(label: label) as any LogHandler
            case .text: StreamLogHandler.standardError(label: label)
            }
        }
        // A quiet command still says what goes wrong.
        logger.logLevel = quiet ? max(logs.level, .error) : logs.level
        return logger
    }
}
