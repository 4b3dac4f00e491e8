import Foundation

/// The two clocks of the server: one that only runs forward, for deadlines and pauses, and the one on the wall.
package struct Timing: Sendable {
    package let clock: any Clock<Duration>
    /// The time of day, for what is shown.
    package let now: @Sendable () -> Date

    package init(clock: any Clock<Duration>, now: @escaping @Sendable () -> Date) {
        self.clock = clock
        self.now = now
    }

    /// Starts measuring; calling the result tells how long it has been.
    func stopwatch() -> @Sendable () -> Duration { clock.stopwatch() }

    /// Runs `operation` and cancels it once `limit` has passed.
    ///
    /// It waits for the cancelled operation to end, so that nothing goes on behind the answer; everything that is
    /// called here honours cancellation or has a limit of its own.
    /// - Throws: ``DeadlineExceeded``, or what the operation throws first.
    func within<Value: Sendable>(_ limit: Duration, _ operation: @escaping @Sendable () async throws -> Value)
        async throws -> Value
    {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await operation() }
            group.addTask {
                try await clock.sleep(for: limit)
                throw DeadlineExceeded()
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { preconditionFailure("a group of two tasks has a first") }
            return first
        }
    }
}

/// The time that was given for something has passed.
struct DeadlineExceeded: Error {}

extension Clock<Duration> {
    fileprivate func stopwatch() -> @Sendable () -> Duration {
        let begin = now
        return { begin.duration(to: now) }
    }
}
