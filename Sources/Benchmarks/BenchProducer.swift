import Database
import Engine
import Synchronization

/// Enqueues jobs in one of several ways and says how long it took.
public struct BenchProducer: Sendable {
    public enum Mode: String, Sendable, CaseIterable {
        /// One after the other, a transaction each.
        case seq
        /// The same on several connections at once.
        case conc
        /// A thousand in a transaction.
        case batch
        /// One at its due time after the other, at a rate.
        case paced
        /// One, then a pause in which the worker falls idle, then the next.
        case pickup
        /// One job for each of `t0` … `t98`.
        case tenants
    }

    /// What a production was.
    public struct Report: Encodable, Sendable {
        public let n: Int
        public let seconds: Double
        /// Nanoseconds since 1970 when it began, after the warm-up.
        public let t0: Int64
    }

    public static let batchSize = 1000
    static let crowd = 99

    let engine: Engine
    let surroundings: BenchSurroundings
    let tenants: BenchTenants

    public init(_ bench: BenchDatabase, _ surroundings: BenchSurroundings) async throws {
        try await bench.requireSetUp()
        engine = try await bench.engine(random: surroundings.random, logger: surroundings.logger)
        self.surroundings = surroundings
        tenants = BenchTenants(engine: engine)
    }

    /// - Parameters:
    ///   - first: the number of the first job.
    ///   - connections: for ``Mode/conc``.
    ///   - rate: jobs a second, for ``Mode/paced``.
    ///   - tenant: the name of the jobs' tenant, but for ``Mode/tenants``.
    ///   - work: milliseconds that each job sleeps.
    public func run(
        _ mode: Mode, count: Int, first: Int = 0, connections: Int = 8, rate: Double = 200, tenant: String = "t0",
        work: Int = 0
    ) async throws -> Report {
        try await enqueue(number: -1, tenant: BenchJob.warmUpTenant, work: 0)
        let names = mode == .tenants ? (0..<Self.crowd).map { "t\($0)" } : [tenant]
        _ = try await tenants.ids(of: names)
        let count = mode == .tenants ? Self.crowd : count
        let start = surroundings.nanoseconds()
        switch mode {
        case .seq: for number in 0..<count { try await enqueue(number: first + number, tenant: tenant, work: work) }
        case .conc: try await concurrently(count, first, connections, tenant, work)
        case .batch: try await enqueueBatches(count, first: first, tenants: [tenant], work: work)
        case .paced: try await pace(count, first, rate, tenant, work)
        case .pickup:
            for number in 0..<count {
                try await surroundings.clock.sleep(for: Self.idlePause)
                try await enqueue(number: first + number, tenant: tenant, work: work)
            }
        case .tenants:
            for (number, name) in names.enumerated() {
                try await enqueue(number: first + number, tenant: name, work: work)
            }
        }
        return Report(n: count, seconds: surroundings.seconds(since: start), t0: start)
    }

    /// Long enough for the last job to have ended and the worker to have gone to sleep.
    static let idlePause = Duration.milliseconds(25)

    func enqueue(number: Int, tenant: String, work: Int, due: Int64? = nil) async throws {
        let id = try await tenants.ids(of: [tenant])[0]
        let job = BenchJob(t: due ?? surroundings.nanoseconds(), i: number, k: tenant, w: work)
        try await engine.transaction { transaction, wakes in
            _ = try engine.enqueue(job, as: BenchWorkflow.self, for: id, in: transaction, waking: wakes)
        }
    }

    /// Round the tenants, so that each gets as many.
    func enqueueBatches(_ count: Int, first: Int, tenants names: [String], work: Int) async throws {
        let ids = try await tenants.ids(of: names)
        for begin in stride(from: 0, to: count, by: Self.batchSize) {
            let submissions = (begin..<min(count, begin + Self.batchSize)).map { number in
                let index = number % names.count
                return Submission(
                    BenchJob(t: surroundings.nanoseconds(), i: first + number, k: names[index], w: work),
                    for: ids[index])
            }
            try await engine.transaction { transaction, wakes in
                _ = try engine.enqueue(submissions, as: BenchWorkflow.self, in: transaction, waking: wakes)
            }
        }
    }

    private func concurrently(
        _ count: Int, _ first: Int, _ connections: Int, _ tenant: String, _ work: Int
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for connection in 0..<connections {
                group.addTask {
                    for number in stride(from: connection, to: count, by: connections) {
                        try await enqueue(number: first + number, tenant: tenant, work: work)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// A job that is late is enqueued at once and keeps the time at which it was due.
    private func pace(_ count: Int, _ first: Int, _ rate: Double, _ tenant: String, _ work: Int) async throws {
        let start = surroundings.nanoseconds()
        for number in 0..<count {
            let due = start + Int64(Double(number) / rate * 1e9)
            let wait = due - surroundings.nanoseconds()
            if wait > 0 { try await surroundings.clock.sleep(for: .nanoseconds(wait)) }
            try await enqueue(number: first + number, tenant: tenant, work: work, due: due)
        }
    }
}

/// The benchmark's tenants, made on first use.
final class BenchTenants: Sendable {
    private let engine: Engine
    private let known = Mutex<[String: TenantID]>([:])

    init(engine: Engine) { self.engine = engine }

    func ids(of names: [String]) async throws -> [TenantID] {
        let missing = known.withLock { known in names.filter { known[$0] == nil } }
        if !missing.isEmpty {
            let made = try await engine.database.transaction { transaction in
                try missing.map { try self.engine.ensureTenant(named: $0, in: transaction).id }
            }
            known.withLock { known in for (name, id) in zip(missing, made) { known[name] = id } }
        }
        return known.withLock { known in names.compactMap { known[$0] } }
    }
}
