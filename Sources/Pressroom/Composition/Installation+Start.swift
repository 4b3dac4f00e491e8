import Blog
import Database
import Engine
import Logging
import Outbound

extension Installation {
    /// How long a server or a worker waits at its start for a database that is away: as long as a restart of it takes.
    static let startPatience: Duration = .seconds(10)
    private static let pauseBetweenTries: Duration = .milliseconds(500)

    /// As `open`, for those who serve and work: a database that is still starting, or says nothing for a moment, is
    /// waited for. A command that somebody waits for opens at once or says what is wrong.
    ///
    /// - Throws: What the last try ended with, after ``startPatience``; anything but an absence at once.
    static func openWhenReachable(
        _ settings: Configuration, sandbox: OutboundURL?, products: any ProductSource, logger: Logger
    ) async throws -> Installation {
        let clock = Surroundings.clock
        let start = clock.now
        while true {
            do {
                return try await open(settings, sandbox: sandbox, products: products, logger: logger)
            } catch let error as DatabaseError where error.kind.isAbsence {
                guard start.duration(to: clock.now) < startPatience else { throw error }
                logger.warning(
                    "The database is away; trying again", metadata: ["code": "\(error.kind.rawValue)"])
                try await clock.sleep(for: pauseBetweenTries)
            }
        }
    }
}

extension DatabaseError.Kind {
    /// Whether the server could not be reached or fell silent, which passes by itself, and nothing was decided.
    fileprivate var isAbsence: Bool {
        switch self {
        case .unavailable, .connectionLost, .timeout: true
        default: false
        }
    }
}
