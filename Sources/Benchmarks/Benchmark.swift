import Database
import Engine
import Synchronization

/// The whole benchmark in one run: enqueue, drain, pickup, and the ceiling of a bare SQL loop.
public struct Benchmark: Sendable {
    public struct Settings: Sendable {
        public var jobs: Int
        public var workers: Int
        public var tenants: Int
        /// Steps that one worker performs at once.
        public var concurrency: Int
        /// Seconds of the paced run.
        public var steadySeconds: Int
        public init(jobs: Int, workers: Int, tenants: Int, concurrency: Int, steadySeconds: Int) {
            self.jobs = jobs
            self.workers = workers
            self.tenants = tenants
            self.concurrency = concurrency
            self.steadySeconds = steadySeconds
        }
    }

    /// The answer; milliseconds where the name says so. The processor's seconds are those of the drain.
    public struct Report: Encodable, Sendable {
        public var jobs_per_second: Double
        public var ceiling_per_second: Double
        public var ratio: Double
        public var enqueue_single_per_second: Double
        public var enqueue_single_8_per_second: Double
        public var enqueue_batch_per_second: Double
        public var pickup_p50_ms: Double?
        public var pickup_p99_ms: Double?
        public var steady_p50_ms: Double?
        public var steady_p99_ms: Double?
        public var client_cpu_seconds: Double
        public var server_cpu_seconds: Double?
    }

    static let steadyRate = 200.0
    static let pickups = 200

    let bench: BenchDatabase
    let settings: Settings
    let surroundings: BenchSurroundings

    public init(_ bench: BenchDatabase, _ settings: Settings, _ surroundings: BenchSurroundings) {
        self.bench = bench
        self.settings = settings
        self.surroundings = surroundings
    }

    /// - Parameter progress: told what begins.
    public func run(progress: @Sendable (String) -> Void) async throws -> Report {
        progress("enqueue, one connection")
        let single = try await enqueueSingly(.seq)
        progress("enqueue, eight connections")
        let singles = try await enqueueSingly(.conc)
        progress("enqueue \(settings.jobs) jobs in batches")
        try await bench.setUp()
        let batch = try await enqueueBatch()
        progress("claim and complete \(settings.jobs) jobs, \(settings.workers) workers")
        let (rate, cpu) = try await drain()
        progress("pickup, idle")
        let pickup = try await delays(.pickup, count: Self.pickups)
        progress("pickup, \(Int(Self.steadyRate)) jobs a second")
        let steady = try await delays(.paced, count: Int(Self.steadyRate) * settings.steadySeconds)
        progress("the bare loop")
        let ceiling = try await BareLoop(database: bench.database).run(
            jobs: settings.jobs, workers: settings.workers, surroundings)
        return Report(
            jobs_per_second: rate, ceiling_per_second: ceiling, ratio: rate / ceiling,
            enqueue_single_per_second: single, enqueue_single_8_per_second: singles, enqueue_batch_per_second: batch,
            pickup_p50_ms: pickup.percentile(0.5), pickup_p99_ms: pickup.percentile(0.99),
            steady_p50_ms: steady.percentile(0.5), steady_p99_ms: steady.percentile(0.99),
            client_cpu_seconds: cpu.client, server_cpu_seconds: cpu.server)
    }

    private func enqueueSingly(_ mode: BenchProducer.Mode) async throws -> Double {
        try await bench.setUp()
        let report = try await BenchProducer(bench, surroundings).run(mode, count: min(settings.jobs, 2000))
        return Double(report.n) / report.seconds
    }

    private func enqueueBatch() async throws -> Double {
        let producer = try await BenchProducer(bench, surroundings)
        let names = (0..<settings.tenants).map { "t\($0)" }
        try await producer.enqueueBatches(names.count, first: -names.count, tenants: names, work: 0)
        let start = surroundings.nanoseconds()
        try await producer.enqueueBatches(settings.jobs, first: 0, tenants: names, work: 0)
        return Double(settings.jobs) / surroundings.seconds(since: start)
    }

    /// Until the database says that every job has ended.
    private func drain() async throws -> (rate: Double, CPUTime) {
        let total = try await bench.pending()
        let before = try await CPUTime.read(bench.database)
        let start = surroundings.nanoseconds()
        let started = Mutex(0)
        let workers = BenchWorkers(bench, surroundings)
        let seconds = try await workers.running(settings.workers, slots: settings.concurrency) { _ in
            started.withLock { $0 += 1 }
        } _: {
            try await untilAllEnded { started.withLock { $0 >= total } }
            return surroundings.seconds(since: start)
        }
        return (Double(total) / seconds, try await CPUTime.read(bench.database) - before)
    }

    /// Asks the database only when all jobs have started: a count of a hundred thousand rows is work of its own.
    func untilAllEnded(_ mayBe: @Sendable () -> Bool) async throws {
        let patience = Duration.seconds(600)
        let start = surroundings.nanoseconds()
        while true {
            if mayBe(), try await bench.pending() == 0 { return }
            if surroundings.seconds(since: start) > 600 { throw BenchError.stalled(patience) }
            try await surroundings.clock.sleep(for: .milliseconds(20))
        }
    }

    private func delays(_ mode: BenchProducer.Mode, count: Int) async throws -> Spread {
        try await bench.setUp()
        let delays = Mutex<[Double]>([])
        let workers = BenchWorkers(bench, surroundings)
        try await workers.running(settings.workers, slots: settings.concurrency) { job in
            let delay = Double(surroundings.nanoseconds() - job.t) / 1e6
            if job.i >= 0 { delays.withLock { $0.append(delay) } }
        } _: {
            _ = try await BenchProducer(bench, surroundings).run(mode, count: count, rate: Self.steadyRate)
            try await untilAllEnded { delays.withLock { $0.count } >= count }
        }
        return Spread(delays.withLock { $0 })
    }
}
