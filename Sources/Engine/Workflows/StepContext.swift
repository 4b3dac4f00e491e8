import Logging
import Synchronization

/// What a step may use while it is performed.
public struct StepContext: Sendable {
    /// Counts from one. What a shutdown handed back, or a provider refused, does not count.
    public let attempt: Int
    /// How often the job was claimed, over all its steps, this time included. Where each was claimed once, that is one more
    /// than the steps that it has behind it.
    public let claims: Int64
    public let attemptsMax: Int
    public let round: Int
    /// What is left of the step's time when it starts; a call must not be given more.
    public let timeout: Duration
    /// Whose permit the step has: the pool that its plan named, or that one's fallback.
    public let pool: PoolName
    public let meter: Meter
    public let clock: any Clock<Duration>
    public let failpoints: Failpoints
    private let job: JobID
    private let step: String
    private let workerLogger: Logger

    init(
        _ claimed: ClaimedStep, in pool: PoolName, attemptsMax: Int, timeout: Duration, meter: Meter,
        clock: any Clock<Duration>, failpoints: Failpoints, logger: Logger
    ) {
        attempt = claimed.job.attempt
        claims = claimed.job.fence
        self.attemptsMax = attemptsMax
        round = claimed.job.round
        self.timeout = timeout
        self.pool = pool
        self.meter = meter
        self.clock = clock
        self.failpoints = failpoints
        job = claimed.job.id
        step = claimed.job.step
        workerLogger = logger
    }

    /// Differs from attempt to attempt: for a provider's log, not for deduplication.
    public var attemptKey: String { "\(job)-\(step)-\(round)-\(claims)" }

    /// Says in each line which job and step it is about.
    public var logger: Logger {
        var logger = workerLogger
        logger[metadataKey: "job"] = "\(job)"
        logger[metadataKey: "step"] = "\(step)"
        return logger
    }
}

/// What an attempt has spent, whether or not it succeeds.
public final class Meter: Sendable {
    /// One call's price.
    public struct Usage: Sendable, Equatable {
        public var provider: String
        public var model: String
        public var inputTokens: Int
        public var outputTokens: Int
        /// Millionths of a dollar.
        public var microdollars: Int64
        /// In the pool's unit; settles the estimate.
        public var cost: Double
        public init(
            provider: String, model: String, inputTokens: Int = 0, outputTokens: Int = 0, microdollars: Int64 = 0,
            cost: Double
        ) {
            self.provider = provider
            self.model = model
            self.inputTokens = inputTokens
            self.outputTokens = outputTokens
            self.microdollars = microdollars
            self.cost = cost
        }
    }

    private let usages = Mutex<[Usage]>([])
    private let reported = Mutex<ReportedLimits?>(nil)
    public init() {}

    /// What the provider said of its limits beside an answer, a refusal included; the last word counts.
    public func note(_ limits: ReportedLimits) { reported.withLock { $0 = limits } }

    var limits: ReportedLimits? { reported.withLock { $0 } }

    public func add(_ usage: Usage) { usages.withLock { $0.append(usage) } }

    /// Everything spent so far as one sum; nil when nothing was reported.
    var total: Usage? {
        usages.withLock { usages in
            guard var total = usages.first else { return nil }
            for usage in usages.dropFirst() {
                total.inputTokens += usage.inputTokens
                total.outputTokens += usage.outputTokens
                total.microdollars += usage.microdollars
                total.cost += usage.cost
            }
            return total
        }
    }
}
