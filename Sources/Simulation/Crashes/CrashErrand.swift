import Database
import Engine

/// The job of the crash scenario: three paid calls on two pools, each of which leaves a row that nothing keeps unique.
struct CrashErrand: Workflow {
    static let kind: JobKind = "crash_errand"

    enum Step: String, StepName { case first, second, third }

    static let narrow: PoolName = "narrow"
    static let wide: PoolName = "wide"

    static var pools: [PoolDefinition] {
        var narrow = PoolDefinition(narrow)
        narrow.requestsPerMinute = 120
        narrow.costPerMinute = 12_000
        narrow.costBurst = 200
        narrow.concurrency = 2
        narrow.credit = 200
        return [narrow, PoolDefinition(wide)]
    }

    /// What was performed and recorded, without any constraint: the oracle must be able to see a repetition.
    static let schema: SQL = """
        create table crash_ledger (job bigint not null, step text not null, held bigint not null, newest bigint not null)
        """

    let calls: CrashCalls
    let process: SimulatedProcess
    let random: RandomSource

    func next(after done: JobProgress<Step>, of job: Job<Int>) throws -> Next<Step> {
        if done.rounds(of: .first) == 0 { return .run(.first, on: Self.narrow, cost: 100) }
        if done.rounds(of: .second) == 0 { return .run(.second, on: Self.wide, cost: 1) }
        if done.rounds(of: .third) == 0 { return .run(.third, on: Self.narrow, cost: 200) }
        return .finish
    }

    func perform(
        _ step: Step, of job: Job<Int>, after done: JobProgress<Step>, in context: StepContext
    ) async throws -> Recording {
        calls.note(CrashCalls.Call(job: job.id, step: step.rawValue, by: process))
        try await process.clock.sleep(for: .milliseconds(200 + 2_000 * random.unit()))
        context.meter.add(Meter.Usage(provider: "simulated", model: "none", cost: step == .second ? 1 : 150))
        guard let held = context.attemptKey.split(separator: "-").last.flatMap({ Int64($0) }) else {
            preconditionFailure("an attempt's key ends with its fence")
        }
        return try Recording(step.rawValue) { transaction in
            try transaction.execute(
                """
                insert into crash_ledger (job, step, held, newest)
                select id, \(step.rawValue), \(held), fence from jobs where id = \(job.id)
                """)
        }
    }

    func policy(for step: Step) -> StepPolicy { StepPolicy(timeout: .seconds(10), attemptsMax: 5) }
}
