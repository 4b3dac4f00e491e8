import Database
import Foundation

/// A workflow without its types: what the engine's verbs call. Inputs and results cross as JSON text.
struct AnyWorkflow: Sendable {
    let kind: JobKind
    let next: @Sendable (JobRow, History, RawCause) throws -> RawNext
    let perform: @Sendable (JobRow, History, StepContext) async throws -> Recording
    let policy: @Sendable (String) -> StepPolicy
    let absorb: @Sendable (StepFailure, JobRow) throws -> Recording?
    let project: @Sendable (RawTransition, JobRow, borrowing Transaction) throws -> Void
    let announcesStart: @Sendable (String) -> Bool
    let itinerary: @Sendable (JobRow) -> [Leg]

    init<W: Workflow>(_ workflow: W) {
        kind = W.kind
        next = { row, history, cause in
            try RawNext(
                workflow.next(after: JobProgress(cause: cause.typed(), history: history), of: row.job(as: W.self)))
        }
        perform = { row, history, context in
            try await workflow.perform(
                row.step(of: W.self), of: row.job(as: W.self), after: JobProgress(cause: .recorded, history: history),
                in: context)
        }
        policy = { step in W.Step(rawValue: step).map(workflow.policy(for:)) ?? StepPolicy() }
        absorb = { failure, row in
            try workflow.absorb(failure, at: row.step(of: W.self), of: row.job(as: W.self))
        }
        project = { transition, row, transaction in
            try workflow.project(transition.typed(as: W.Step.self), of: row.job(as: W.self), in: transaction)
        }
        announcesStart = { step in W.Step(rawValue: step).map(workflow.announcesStart(of:)) ?? false }
        itinerary = { row in
            // An unreadable input has no estimate.
            guard let step = W.Step(rawValue: row.step), let job = try? row.job(as: W.self) else { return [] }
            return workflow.itinerary(from: step, of: job)
        }
    }
}

extension JobRow {
    func job<W: Workflow>(as workflow: W.Type) throws -> Job<W.Input> {
        let input = try decoded.get { try JSONDecoder().decode(W.Input.self, from: Data(self.input.utf8)) }
        return Job(id: id, tenant: tenant, input: input, priority: priority, createdAt: createdAt)
    }
    func step<W: Workflow>(of workflow: W.Type) throws -> W.Step {
        guard let step = W.Step(rawValue: step) else { throw Misplaced.step(step) }
        return step
    }
}

enum RawNext: Sendable {
    case run(String, round: Int, rank: Int, pool: PoolName, cost: Double)
    case wait(String, timeout: Duration?)
    case sleep(Duration)
    case finish
    case fail(StepFailure)

    init<Step: StepName>(_ next: Next<Step>) {
        switch next {
        case .run(let step, let round, let pool, let cost):
            let rank = Array(Step.allCases).firstIndex(of: step) ?? 0
            self = .run(step.rawValue, round: round, rank: rank, pool: pool, cost: cost)
        case .wait(let signal, let timeout): self = .wait(signal, timeout: timeout)
        case .sleep(let pause): self = .sleep(pause)
        case .finish: self = .finish
        case .fail(let failure): self = .fail(failure)
        }
    }
}

enum RawCause: Sendable, Equatable {
    case enqueued, recorded, signalled(String), timer, retried

    func typed<Step: StepName>() -> JobProgress<Step>.Cause {
        switch self {
        case .enqueued: .enqueued
        case .recorded: .recorded
        case .signalled(let name): .signalled(name)
        case .timer: .timer
        case .retried: .retried
        }
    }
}

enum RawTransition: Sendable {
    case queued(String, Int), started(String, Int), waiting(String?, History), succeeded(History), failed(StepFailure),
        cancelled

    func typed<Step: StepName>(as type: Step.Type) throws -> Transition<Step> {
        func known(_ name: String) throws -> Step {
            guard let step = Step(rawValue: name) else { throw Misplaced.step(name) }
            return step
        }
        return switch self {
        case .queued(let step, let round): try .queued(known(step), round: round)
        case .started(let step, let round): try .started(known(step), round: round)
        case .waiting(let signal, let history):
            .waiting(for: signal, progress: JobProgress(cause: .recorded, history: history))
        case .succeeded(let history): .succeeded(JobProgress(cause: .recorded, history: history))
        case .failed(let failure): .failed(failure)
        case .cancelled: .cancelled
        }
    }
}
