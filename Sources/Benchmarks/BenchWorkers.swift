import Engine

/// One worker that notes every start in a file.
public struct RecordingWorker: Sendable {
    private let worker: Worker
    private let records: StartRecords
    private let clock: any Clock<Duration>
    /// On SQLite: the right to be the only one.
    private let lock: (any Sendable)?

    /// - Parameters:
    ///   - concurrency: jobs at once.
    ///   - folder: gets `rec.PID`, with the number of `process`.
    public init(
        _ bench: BenchDatabase, _ surroundings: BenchSurroundings, concurrency: Int, folder: String, process: Int32
    ) async throws {
        try await bench.requireSetUp()
        let records = try StartRecords(folder: folder, process: process)
        lock = try bench.workerLock()
        let engine = try await bench.engine(random: surroundings.random, logger: surroundings.logger) { job in
            records.add(job, at: surroundings.nanoseconds())
        }
        bench.announcePresence(of: engine)
        worker = Worker(.bench(slots: concurrency), engine: engine, clock: surroundings.clock)
        self.records = records
        clock = surroundings.clock
    }

    /// Works until ``drain()``, or until the task is cancelled.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await records.run(clock) }
            let result: Result<Void, any Error>
            do { result = .success(try await worker.run()) } catch { result = .failure(error) }
            group.cancelAll()
            try await group.waitForAll()
            try result.get()
        }
    }

    /// Takes no more; `run` returns when what it has begun has ended.
    public func drain() { worker.drain() }
}

/// Workers inside the process that measures.
struct BenchWorkers: Sendable {
    let bench: BenchDatabase
    let surroundings: BenchSurroundings

    init(_ bench: BenchDatabase, _ surroundings: BenchSurroundings) {
        self.bench = bench
        self.surroundings = surroundings
    }

    /// Runs `count` workers while `body` runs, each with an engine of its own as another process would have.
    func running<R: Sendable>(
        _ count: Int, slots: Int, started: @escaping @Sendable (BenchJob) -> Void = { _ in },
        _ body: @Sendable () async throws -> R
    ) async throws -> R {
        let lock = try bench.workerLock()
        defer { withExtendedLifetime(lock) {} }
        var workers: [Worker] = []
        for _ in 0..<count {
            let engine = try await bench.engine(
                random: surroundings.random, logger: surroundings.logger, started: started)
            workers.append(Worker(.bench(slots: slots), engine: engine, clock: surroundings.clock))
        }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in workers { group.addTask { try await worker.run() } }
            let result = try await body()
            for worker in workers { worker.drain() }
            try await group.waitForAll()
            return result
        }
    }
}

extension WorkerConfiguration {
    /// Half of the slots work while the other half's results are written.
    static func bench(slots: Int) -> WorkerConfiguration {
        var configuration = WorkerConfiguration(name: "bench", version: "bench")
        configuration.slots = slots
        configuration.claimBatch = max(1, slots / 2)
        return configuration
    }
}
