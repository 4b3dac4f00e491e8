import Engine

/// What a job of the benchmark carries. Short names, for they are written to files by the hundred thousand.
public struct BenchJob: Codable, Sendable {
    /// Nanoseconds of the wall clock just before its enqueue; when paced, the time at which it was due.
    public var t: Int64
    /// Its number; −1 for a warm-up.
    public var i: Int
    /// Its tenant's name.
    public var k: String
    /// Milliseconds to sleep.
    public var w: Int

    public init(t: Int64, i: Int, k: String, w: Int) {
        self.t = t
        self.i = i
        self.k = k
        self.w = w
    }

    public static let warmUpTenant = "warm"
    static let pool: PoolName = "bench"
}

/// One step that sleeps as long as its job says, in a pool without limits.
struct BenchWorkflow: Workflow {
    static let kind: JobKind = "bench"
    enum Step: String, StepName { case work }

    /// Called when a job starts.
    let started: @Sendable (BenchJob) -> Void

    func next(after done: JobProgress<Step>, of job: Job<BenchJob>) throws -> Next<Step> {
        done.rounds(of: .work) > 0 ? .finish : .run(.work, on: BenchJob.pool, cost: 1)
    }

    /// Its row in `steps` and one event are what a job leaves.
    func policy(for step: Step) -> StepPolicy {
        var policy = StepPolicy()
        policy.isBrief = true
        return policy
    }

    func perform(
        _ step: Step, of job: Job<BenchJob>, after done: JobProgress<Step>, in context: StepContext
    ) async throws -> Recording {
        started(job.input)
        if job.input.w > 0 { try await context.clock.sleep(for: .milliseconds(job.input.w)) }
        return .nothing
    }
}
