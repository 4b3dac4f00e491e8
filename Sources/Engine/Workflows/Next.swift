/// The name of a pool, as configured.
public struct PoolName: RawRepresentable, Hashable, Sendable, Codable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral value: StaticString) { rawValue = value.description }
    public var description: String { rawValue }
}

/// What a workflow wants to happen now.
public enum Next<Step: StepName>: Sendable {
    /// Queue the step in the tenant's lane of `pool`. A step that is done again carries a higher `round`; (step, round)
    /// is recorded once. `cost` is the estimate in the pool's unit and greater than zero.
    case run(Step, round: Int = 1, on: PoolName, cost: Double)
    /// Lie down until the signal `for` arrives (it may have come already), or `timeout` passes: then `next` is asked
    /// again, with the signal among the progress or with the cause `timer`. Holds no slot, connection or lease.
    case wait(for: String, timeout: Duration? = nil)
    /// Lie down for a while, then be asked again.
    case sleep(Duration)
    case finish
    case fail(StepFailure)
}

/// What happened to a job, for the product's own rows.
public enum Transition<Step: StepName>: Sendable {
    /// The step stands in its lane.
    case queued(Step, round: Int)
    /// A worker has taken the step; only where `announcesStart(of:)` says so.
    case started(Step, round: Int)
    /// The job lies down until a signal or a timer.
    case waiting(for: String?, progress: JobProgress<Step>)
    case succeeded(JobProgress<Step>)
    case failed(StepFailure)
    case cancelled
}
