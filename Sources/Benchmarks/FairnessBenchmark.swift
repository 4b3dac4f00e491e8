import Synchronization

/// One tenant queues very much; then ninety-nine others want one job each. How long do they wait, and is it fair?
public struct FairnessBenchmark: Sendable {
    public struct Settings: Sendable {
        /// Jobs of the large tenant.
        public var jobs: Int
        /// Milliseconds each job takes.
        public var work: Int
        public var workers: Int
        public var concurrency: Int
        public init(jobs: Int, work: Int, workers: Int, concurrency: Int) {
            self.jobs = jobs
            self.work = work
            self.workers = workers
            self.concurrency = concurrency
        }
    }

    public struct Report: Encodable, Sendable {
        public var start_p50_ms: Double?
        public var start_p99_ms: Double?
        /// Over what each of the hundred tenants got in the first second, as a share of what was fair.
        public var jain: Double
        public var tenants: Int
        /// Starts in the first second.
        public var starts: Int
    }

    private struct Start: Sendable {
        let tenant: String
        let delay: Double
        let at: Int64
    }

    let bench: BenchDatabase
    let settings: Settings
    let surroundings: BenchSurroundings

    public init(_ bench: BenchDatabase, _ settings: Settings, _ surroundings: BenchSurroundings) {
        self.bench = bench
        self.settings = settings
        self.surroundings = surroundings
    }

    public func run() async throws -> Report {
        try await bench.setUp()
        let producer = try await BenchProducer(bench, surroundings)
        try await producer.enqueueBatches(settings.jobs, first: 0, tenants: [Self.large], work: settings.work)
        let starts = Mutex<[Start]>([])
        let workers = BenchWorkers(bench, surroundings)
        let begin = try await workers.running(settings.workers, slots: settings.concurrency) { job in
            let now = surroundings.nanoseconds()
            starts.withLock { $0.append(Start(tenant: job.k, delay: Double(now - job.t) / 1e6, at: now)) }
        } _: {
            // The large tenant is alone at first, and well under way.
            try await surroundings.clock.sleep(for: .milliseconds(500))
            let crowd = try await producer.run(.tenants, count: 0, work: settings.work)
            try await surroundings.clock.sleep(for: .milliseconds(max(0, 1500 - Int(crowd.seconds * 1000))))
            return crowd.t0
        }
        return report(starts.withLock { $0 }, since: begin)
    }

    static let large = "large"

    private func report(_ starts: [Start], since begin: Int64) -> Report {
        let crowd = starts.filter { $0.tenant.hasPrefix("t") }
        let second = starts.filter { ($0.at - begin) >= 0 && $0.at - begin < 1_000_000_000 }
        var counts = Dictionary(uniqueKeysWithValues: (0..<BenchProducer.crowd).map { ("t\($0)", 0) })
        counts[Self.large] = 0
        for start in second where counts[start.tenant] != nil { counts[start.tenant, default: 0] += 1 }
        let got = counts.values.reduce(0, +)
        // Max-min fair: those who want one get one, if there is one for each, and the large one the rest.
        let each = min(1, Double(got) / Double(counts.count))
        let rest = Double(got) - each * Double(BenchProducer.crowd)
        let shares = counts.map { name, count in Double(count) / (name == Self.large ? max(rest, 1) : max(each, 1e-9)) }
        let delays = Spread(crowd.map(\.delay))
        return Report(
            start_p50_ms: delays.percentile(0.5), start_p99_ms: delays.percentile(0.99), jain: Spread.jain(shares),
            tenants: counts.count, starts: got)
    }
}
