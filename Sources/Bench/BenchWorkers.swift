import Engine

/// Workers of a benchmark.
public struct BenchWorkers: Sendable {
    let bench: BenchDatabase
    let surroundings: BenchSurroundings

    public init(_ bench: BenchDatabase, _ surroundings: BenchSurroundings) {
        self.bench = bench
        self.surroundings = surroundings
    }

    /// Runs one worker that notes every start in a file, until the task is cancelled.
    public func recordStarts(concurrency: Int, folder: String, process: Int32) async throws {
        try await bench.requireSetUp()
        let records = try StartRecords(folder: folder, process: process)
        let lock = try bench.workerLock()
        let engine = try await bench.engine(random: surroundings.random, logger: surroundings.logger) { job in
            records.add(job, at: surroundings.nanoseconds())
        }
        bench.announcePresence(of: engine)
        let worker = worker(engine, slots: concurrency)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await records.run(surroundings.clock) }
            group.addTask { try await worker.run() }
            // A cancellation ends both; the records are flushed by theirs.
            while let _ = try await group.next() {}
        }
        withExtendedLifetime(lock) {}
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
            workers.append(worker(engine, slots: slots))
        }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in workers { group.addTask { try await worker.run() } }
            let result = try await body()
            for worker in workers { worker.drain() }
            try await group.waitForAll()
            return result
        }
    }

    private func worker(_ engine: Engine, slots: Int) -> Worker {
        var configuration = WorkerConfiguration(name: "bench", version: "bench")
        configuration.slots = slots
        configuration.claimBatch = max(1, slots / 2)
        return Worker(configuration, engine: engine, clock: surroundings.clock)
    }
}
