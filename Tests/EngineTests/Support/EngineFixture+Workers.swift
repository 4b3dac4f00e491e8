import Database
@testable import Engine
import TestSupport
import Testing

extension EngineFixture {
    /// Runs a worker beside the body; when that has ended, the worker is cancelled, as if its process were killed.
    func withWorker(
        on engine: Engine? = nil, clock: any Clock<Duration> = ContinuousClock(),
        _ change: (inout WorkerConfiguration) -> Void = { _ in }, body: (Worker) async throws -> Void
    ) async throws {
        try await Worker.run(on: engine ?? self.engine, clock: clock, change, body: body)
    }
}

extension Worker {
    static func run(
        on engine: Engine, clock: any Clock<Duration> = ContinuousClock(),
        _ change: (inout WorkerConfiguration) -> Void = { _ in }, body: (Worker) async throws -> Void
    ) async throws {
        var configuration = WorkerConfiguration(name: "test", version: "1")
        configuration.poll = .milliseconds(100)
        configuration.rescueEvery = .milliseconds(50)
        configuration.drainTimeout = .milliseconds(200)
        change(&configuration)
        let worker = Worker(configuration, engine: engine, clock: clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await worker.run() } catch is CancellationError {}
            }
            try await body(worker)
            group.cancelAll()
            try await group.waitForAll()
        }
    }
}

/// A clock by which every pause takes ten minutes more: whoever gets on by it gets on by being woken.
struct SlowClock: Clock {
    private let base = ContinuousClock()
    var now: ContinuousClock.Instant { base.now }
    var minimumResolution: Duration { base.minimumResolution }
    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        try await base.sleep(until: deadline + .seconds(600), tolerance: tolerance)
    }
}

/// Looks again every few milliseconds until it is so.
/// - Returns: how long it took.
@discardableResult
func eventually(
    within limit: Duration = .seconds(40), _ location: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws -> Duration {
    let clock = ContinuousClock()
    let begin = clock.now
    while clock.now - begin < limit {
        if try await condition() { return clock.now - begin }
        try await clock.sleep(for: .milliseconds(5))
    }
    Issue.record("it did not come about within \(limit)", sourceLocation: location)
    return limit
}

/// A database that counts its transactions.
struct CountingDatabase: Database {
    let base: any Database
    let tally = Tally()
    var dialect: Dialect { base.dialect }

    @discardableResult
    func transaction<R: Sendable>(
        _ mode: TransactionMode, _ body: @Sendable (borrowing Transaction) throws -> R
    ) async throws -> R {
        tally.add()
        return try await base.transaction(mode, body)
    }
}
