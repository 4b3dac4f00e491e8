import Engine
import Foundation

/// What the engine's rows say about queue and pools, read at most once a second however often it is asked for.
actor EngineReadings {
    /// One look at the rows.
    struct Reading: Sendable {
        let admission: Admission
        let pools: [PoolStatus]
        let waiting: [WaitingReason: Int]
        let longestWait: Duration?
        let at: Date

        func pool(_ name: PoolName) -> PoolStatus? { pools.first { $0.name == name } }
    }

    private let engine: Engine
    private let timing: Timing
    private var last: (reading: Reading, age: @Sendable () -> Duration)?

    init(engine: Engine, timing: Timing) {
        self.engine = engine
        self.timing = timing
    }

    /// - Throws: what the database throws.
    func latest() async throws -> Reading {
        if let last, last.age() < .seconds(1) { return last.reading }
        let age = timing.stopwatch()
        let reading = Reading(
            admission: try await engine.admission(), pools: try await engine.poolStatus(),
            waiting: try await engine.waitingCounts(), longestWait: try await engine.longestWait(), at: timing.now())
        last = (reading, age)
        return reading
    }
}
