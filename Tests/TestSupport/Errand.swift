package import Engine
import Synchronization

/// A workflow for tests: its input says which steps and waits it goes through, a closure says what a step does.
package struct Errand: Workflow {
    package static let kind: JobKind = "errand"

    package enum Step: String, StepName { case first, second, third }

    package enum Action: Codable, Sendable {
        case run(String, pool: String, cost: Double)
        case wait(String, timeoutMilliseconds: Double?)
        case sleep(milliseconds: Double)
    }

    package struct Input: Codable, Sendable {
        package var plan: [Action]
        package var note: String
        package init(_ plan: [Action], note: String = "") {
            self.plan = plan
            self.note = note
        }
    }

    package typealias Behaviour = @Sendable (Step, Job<Input>, StepContext) async throws -> String

    let behaviour: Behaviour
    let policy: StepPolicy
    let absorbs: Bool
    /// What was projected, in order, as `job:change`.
    package let projected = Projections()

    package init(
        policy: StepPolicy = StepPolicy(timeout: .seconds(5), attemptsMax: 3), absorbs: Bool = false,
        _ behaviour: @escaping Behaviour = { step, _, _ in "\(step) done" }
    ) {
        self.behaviour = behaviour
        self.policy = policy
        self.absorbs = absorbs
    }

    package func next(after done: Progress<Step>, of job: Job<Input>) throws -> Next<Step> {
        var seen: [Step: Int] = [:]
        var timerIsSpent = done.cause != .timer
        for action in job.input.plan {
            switch action {
            case .run(let name, let pool, let cost):
                guard let step = Step(rawValue: name) else {
                    throw StepFailure(code: "errand.unknown_step", message: name, retry: .never)
                }
                seen[step, default: 0] += 1
                let round = seen[step] ?? 1
                if done.rounds(of: step) < round {
                    return .run(step, round: round, on: PoolName(rawValue: pool), cost: cost)
                }
            case .wait(let signal, let timeout):
                if done.signal(signal) != nil { continue }
                if !timerIsSpent {
                    timerIsSpent = true
                    continue
                }
                return .wait(for: signal, timeout: timeout.map { .milliseconds($0) })
            case .sleep(let milliseconds):
                // A sleep is behind us when a later step is recorded, or when its timer is why we are asked.
                if !timerIsSpent {
                    timerIsSpent = true
                    continue
                }
                return .sleep(.milliseconds(milliseconds))
            }
        }
        return .finish
    }

    package func perform(
        _ step: Step, of job: Job<Input>, after done: Progress<Step>, in context: StepContext
    ) async throws -> Recording {
        try Recording(await behaviour(step, job, context))
    }

    package func policy(for step: Step) -> StepPolicy { policy }

    package func absorb(_ failure: StepFailure, at step: Step, of job: Job<Input>) -> Recording? {
        absorbs ? try? Recording("absorbed \(failure.code)") : nil
    }

    package func announcesStart(of step: Step) -> Bool { step == .first }
}

package final class Projections: Sendable {
    private let changes = Mutex<[String]>([])
    package func append(_ change: String) { changes.withLock { $0.append(change) } }
    package var all: [String] { changes.withLock { $0 } }
}
