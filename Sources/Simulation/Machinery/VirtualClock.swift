/// The simulation's time as one process sleeps by it.
package struct VirtualClock: Clock {
    package struct Instant: InstantProtocol {
        /// Since the simulation's start.
        package var offset: Duration
        package func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        package func duration(to other: Instant) -> Duration { other.offset - offset }
        package static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    let process: SimulatedProcess

    package var now: Instant { Instant(offset: process.simulation.now) }
    package var minimumResolution: Duration { .nanoseconds(1) }

    package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try await process.simulation.sleep(until: deadline.offset, process)
    }
}
