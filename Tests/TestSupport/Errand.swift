package import Database
package import Engine

/// A workflow for tests: its input says which steps and waits it goes through, closures say what a step does.
package struct Errand: Workflow {
    package static let kind: JobKind = "errand"

    package enum Step: String, StepName { case first, second, third, fourth, fifth }

    /// One stretch of the way. A step that stands in it twice is done in two rounds.
    package enum Action: Codable, Sendable {
        case run(String, pool: String, cost: Double)
        case wait(String, timeoutMilliseconds: Double?)
        case sleep(milliseconds: Double)
        /// Waits without looking whether the signal has come.
        case waitBlindly(String)
        case fail(String)
        /// The plan itself throws what no one classified.
        case breakDown
    }

    package struct Input: Codable, Sendable {
        package var plan: [Action]
        package var note: String
        package init(_ plan: [Action], note: String = "") {
            self.plan = plan
            self.note = note
        }
    }

    package struct BrokenPlan: Error {}

    package var policy = StepPolicy(timeout: .seconds(5), attemptsMax: 3)
    package var absorbs: Set<Step> = []
    package var announces: Set<Step> = []
    package var legDuration = Duration.seconds(1)
    package var perform: @Sendable (Step, Job<Input>, StepContext) async throws -> String
    /// The product's rows that are recorded with a step.
    package var rows: @Sendable (Step, Job<Input>, borrowing Transaction) throws -> Void = { _, _, _ in }
    /// Is told of every transition, as `queued first#1`, `waiting go#1` or `failed some.code`.
    package var project: @Sendable (String, Job<Input>, borrowing Transaction) throws -> Void = { _, _, _ in }

    package init(
        _ perform: @escaping @Sendable (Step, Job<Input>, StepContext) async throws -> String = { step, _, _ in
            "\(step) done"
        }
    ) { self.perform = perform }

    package func next(after done: JobProgress<Step>, of job: Job<Input>) throws -> Next<Step> {
        let plan = job.input.plan
        var isTimerSpent = done.cause != .timer
        for (index, action) in plan.enumerated() {
            switch action {
            case .run(let name, let pool, let cost):
                let step = try Self.step(name)
                let round = Self.round(of: step, at: index, in: plan)
                guard done.rounds(of: step) < round else { continue }
                return .run(step, round: round, on: PoolName(rawValue: pool), cost: cost)
            case .wait(let signal, _) where done.signal(signal) != nil: continue
            case .wait, .sleep:
                if try Self.isBehind(index, in: plan, after: done) { continue }
                if !isTimerSpent {
                    isTimerSpent = true
                    continue
                }
                if case .wait(let signal, let timeout) = action {
                    return .wait(for: signal, timeout: timeout.map { .milliseconds($0) })
                }
                if case .sleep(let milliseconds) = action { return .sleep(.milliseconds(milliseconds)) }
            case .waitBlindly(let signal): return .wait(for: signal)
            case .fail(let code): return .fail(StepFailure(code: code, message: "It ends here.", retry: .never))
            case .breakDown: throw BrokenPlan()
            }
        }
        return .finish
    }

    package func perform(
        _ step: Step, of job: Job<Input>, after done: JobProgress<Step>, in context: StepContext
    ) async throws -> Recording {
        let result = try await perform(step, job, context)
        return try Recording(result) { [rows] transaction in try rows(step, job, transaction) }
    }

    package func policy(for step: Step) -> StepPolicy { policy }

    package func absorb(_ failure: StepFailure, at step: Step, of job: Job<Input>) -> Recording? {
        absorbs.contains(step) ? try? Recording("absorbed \(failure.code)") : nil  // A text always encodes.
    }

    package func announcesStart(of step: Step) -> Bool { announces.contains(step) }

    package func itinerary(from step: Step, of job: Job<Input>) -> [Leg] {
        let steps = job.input.plan.compactMap { action -> (String, Leg)? in
            guard case .run(let name, let pool, let cost) = action else { return nil }
            return (name, Leg(pool: PoolName(rawValue: pool), cost: cost, duration: legDuration))
        }
        return steps.drop { $0.0 != step.rawValue }.map(\.1)
    }

    package func project(_ change: Transition<Step>, of job: Job<Input>, in transaction: borrowing Transaction) throws {
        try project(Self.words(change), job, transaction)
    }
}

extension Errand {
    private static func step(_ name: String) throws -> Step {
        guard let step = Step(rawValue: name) else {
            throw StepFailure(code: "errand.unknown_step", message: name, retry: .never)
        }
        return step
    }

    private static func round(of step: Step, at index: Int, in plan: [Action]) -> Int {
        plan[...index].count { if case .run(step.rawValue, _, _) = $0 { true } else { false } }
    }

    /// A wait or a sleep is over when something that stands after it is recorded.
    private static func isBehind(_ index: Int, in plan: [Action], after done: JobProgress<Step>) throws -> Bool {
        for later in plan.indices.dropFirst(index + 1) {
            guard case .run(let name, _, _) = plan[later] else { continue }
            let step = try step(name)
            if done.rounds(of: step) >= round(of: step, at: later, in: plan) { return true }
        }
        return false
    }

    private static func words(_ change: Transition<Step>) -> String {
        switch change {
        case .queued(let step, let round): "queued \(step)#\(round)"
        case .started(let step, let round): "started \(step)#\(round)"
        case .waiting(let signal, _): "waiting \(signal ?? "-")"
        case .succeeded: "succeeded"
        case .failed(let failure): "failed \(failure.code)"
        case .cancelled: "cancelled"
        }
    }
}

/// The same workflow under another name: what only some processes know.
package struct RareErrand: Workflow {
    package static let kind: JobKind = "rare_errand"
    private let errand = Errand()
    package init() {}
    package func next(after done: JobProgress<Errand.Step>, of job: Job<Errand.Input>) throws -> Next<Errand.Step> {
        try errand.next(after: done, of: job)
    }
    package func perform(
        _ step: Errand.Step, of job: Job<Errand.Input>, after done: JobProgress<Errand.Step>, in context: StepContext
    ) async throws -> Recording { try await errand.perform(step, of: job, after: done, in: context) }
}
