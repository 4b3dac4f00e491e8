import Foundation

/// The clock a sandbox server lives by, whatever kind it was made from.
struct SandboxClock: Sendable {
    /// Real time since the server was made.
    let elapsed: @Sendable () -> Duration
    let sleep: @Sendable (Duration) async throws -> Void
    /// Unix time, in seconds, at which the server was made.
    let epoch: Double

    init<C: Clock<Duration>>(_ clock: C, startedAt: Date) {
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(for: $0) }
        epoch = startedAt.timeIntervalSince1970
    }
}
