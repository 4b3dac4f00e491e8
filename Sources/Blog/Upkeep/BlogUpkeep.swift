import Database
import Engine
import Logging
import Publishers

/// What nobody asks for and somebody has to do: resume rows that were set back by hand, remove stray drafts.
package struct BlogUpkeep: Sendable {
    let engine: Engine
    let publisher: @Sendable (String) async throws -> any Publisher
    let logger: Logger
    /// How long after its end a generation's destination is looked at: a worker that was declared dead may still be calling.
    package var strayGrace = Duration.seconds(120)

    /// What one round did.
    package struct Findings: Sendable, Equatable {
        package var resumed = 0
        package var straysRemoved = 0
        package init() {}
    }

    package init(
        engine: Engine, logger: Logger, publisher: @escaping @Sendable (String) async throws -> any Publisher
    ) {
        self.engine = engine
        self.logger = logger
        self.publisher = publisher
    }

    /// One round. Safe to run in several processes at once.
    package func runOnce() async throws -> Findings {
        var findings = Findings()
        findings.resumed = try await resumeOrphans()
        findings.straysRemoved = try await sweepStrays()
        try await Sites.forgetOldEvents(in: engine)
        return findings
    }

    /// Rounds until the task is cancelled; what goes wrong is logged and tried again the next time.
    ///
    /// - Parameter pause: at most a minute, the time within which a row that was set back is promised to go on.
    package func run(every pause: Duration = .seconds(30), clock: some Clock<Duration>) async throws {
        while true {
            try await clock.sleep(for: pause)
            do {
                let findings = try await runOnce()
                if findings != Findings() { logger.notice("upkeep", metadata: ["found": "\(findings)"]) }
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                logger.warning("upkeep failed, will try again", metadata: ["error": "\(error)"])
            }
        }
    }
}
