import Database

/// What a kind of job does next, and how: pure planning, asynchronous performing, transactional recording.
///
/// The engine calls `next` whenever something happened to a job (it was enqueued, a step was recorded, a signal came, a
/// timer fired, somebody asked for a retry), inside the transaction that stores what happened. `perform` runs outside
/// any transaction, under a lease and a deadline. `project` keeps the product's own rows in step with the job, in the
/// same transaction as the job's own change; it may be called again with the same transition and must be repeatable.
public protocol Workflow: Sendable {
    associatedtype Input: Codable & Sendable
    associatedtype Step: StepName

    static var kind: JobKind { get }

    /// Plans; reads nothing but its arguments, so that the same history always leads to the same step.
    func next(after done: JobProgress<Step>, of job: Job<Input>) throws -> Next<Step>

    /// Does the step's work. Throws a ``StepFailure`` that classifies itself; any other error counts as `backoff`.
    /// What was paid is reported to `context.meter` as soon as it is known, also when the step then fails.
    func perform(_ step: Step, of job: Job<Input>, after done: JobProgress<Step>, in context: StepContext) async throws
        -> Recording

    /// Deadline, attempts and backoff of a step.
    func policy(for step: Step) -> StepPolicy

    /// A step has failed for good. A recording lets the job go on without it (an article without its image); nil, the
    /// default, fails the job.
    func absorb(_ failure: StepFailure, at step: Step, of job: Job<Input>) -> Recording?

    /// Writes the product's rows that mirror the job's state.
    func project(_ change: Transition<Step>, of job: Job<Input>, in transaction: borrowing Transaction) throws

    /// Whether a claim of this step is projected too (`.started`); costs a statement a claim.
    func announcesStart(of step: Step) -> Bool

    /// What is still to come if `step` is next, for estimates: the least that a finished job will have gone through.
    func itinerary(from step: Step, of job: Job<Input>) -> [Leg]
}

extension Workflow {
    public func policy(for step: Step) -> StepPolicy { StepPolicy() }
    public func absorb(_ failure: StepFailure, at step: Step, of job: Job<Input>) -> Recording? { nil }
    public func project(_ change: Transition<Step>, of job: Job<Input>, in transaction: borrowing Transaction) throws {}
    public func announcesStart(of step: Step) -> Bool { false }
    public func itinerary(from step: Step, of job: Job<Input>) -> [Leg] { [] }
}

/// The steps of a workflow, in order: of one tenant's jobs in a lane, those at a later step go first.
public protocol StepName: RawRepresentable<String>, CaseIterable, Hashable, Sendable {}

/// One stretch of a job's way: the pool it draws on, what it will cost there, how long a call takes.
public struct Leg: Sendable {
    public var pool: PoolName
    public var cost: Double
    public var duration: Duration
    public init(pool: PoolName, cost: Double, duration: Duration) {
        self.pool = pool
        self.cost = cost
        self.duration = duration
    }
}

/// How long a step may take and how often it is tried.
public struct StepPolicy: Sendable {
    public var timeout: Duration
    /// At least 1; a refused call (429) does not count, nor does one that fails while the provider is away.
    public var attemptsMax: Int
    public var backoff: Backoff
    /// A step so quick that nobody watches it. Its start is no event: its row in `steps` says when it was; and where it
    /// ends its job, one event says both, `succeeded` with the step.
    public var isBrief = false
    /// The model that its calls go to, where there is one: what they cost is learned for each model apart.
    public var model: String?
    /// A call that keeps the step's time itself is given this much more to say that it was the provider who did not.
    var grace: Duration { min(timeout / 10, .seconds(1)) }
    public init(timeout: Duration = .seconds(60), attemptsMax: Int = 5, backoff: Backoff = Backoff()) {
        precondition(attemptsMax >= 1, "a step is tried at least once")
        self.timeout = timeout
        self.attemptsMax = attemptsMax
        self.backoff = backoff
    }
}
