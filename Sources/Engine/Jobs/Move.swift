import Database

/// A workflow's wish with its lane found and its cost checked.
enum Move: Sendable {
    /// A place in a lane.
    struct Place: Sendable {
        var lane: LaneID
        var pool: PoolID
        var step: String
        var round: Int
        var rank: Int
        var cost: Double
        /// The plan's own figure; nil where nothing is learned.
        var estimate: Double?
    }
    case run(Place)
    case wait(signal: String?, timeout: Duration?)
    case succeed
    case fail(StepFailure)

    func transition(_ history: History) -> RawTransition {
        switch self {
        case .run(let place): .queued(place.step, place.round)
        case .wait(let signal, _): .waiting(signal, history)
        case .succeed: .succeeded(history)
        case .fail(let failure): .failed(failure)
        }
    }
}

extension Engine {
    /// Finds the lane that a planned step goes to, making it if it is the tenant's first there.
    func resolve(_ next: RawNext, of job: JobRow, in transaction: borrowing Transaction) throws -> Move {
        switch next {
        case .run(let step, let round, let rank, let poolName, let cost):
            let pool = try pools.entry(poolName)
            try pools.check(cost, in: pool)
            let lane = try ensureLane(of: job.tenant, in: pool, transaction)
            let charge = try charge(for: cost, of: subject(of: step, job), in: pool, transaction)
            return .run(
                .init(
                    lane: lane, pool: pool.id, step: step, round: round, rank: rank, cost: charge.cost,
                    estimate: charge.estimate))
        case .wait(let signal, let timeout): return .wait(signal: signal, timeout: timeout)
        case .sleep(let pause): return .wait(signal: nil, timeout: pause)
        case .finish: return .succeed
        case .fail(let failure): return .fail(failure)
        }
    }

    private func subject(of step: String, _ job: JobRow) -> PoolReport.Subject {
        PoolReport.Subject(
            kind: job.kind.rawValue, step: step, model: workflows.known(job.kind)?.policy(step).model ?? "")
    }
}

/// The columns of `jobs` that say where a job stands after a move.
struct Standing: Sendable {
    var state: JobState
    var lane: LaneID?
    var step = ""
    var round = 1
    var rank = 0
    var cost = 1.0
    var estimate: Double?
    var runAt: Int64?
    var waitFor: String?
    /// Whether the end of the wait asks the plan (1) or starts the step that stands there (0).
    var wakes = 0

    init(_ move: Move, notBefore: Double? = nil, now: Double) {
        switch move {
        case .run(let place):
            state = notBefore == nil ? .ready : .waiting
            runAt = notBefore.map { Int64($0) }
            lane = place.lane
            step = place.step
            round = place.round
            rank = place.rank
            cost = place.cost
            estimate = place.estimate
        case .wait(let signal, let timeout):
            state = .waiting
            waitFor = signal
            runAt = timeout.map { Int64(now + $0.milliseconds) }
            wakes = 1
        case .succeed: state = .succeeded
        case .fail: state = .failed
        }
    }
}

extension Duration {
    /// As a number of milliseconds, fractions kept.
    package var milliseconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) * 1000 + Double(attoseconds) * 1e-15
    }
    package static func milliseconds(_ value: Double) -> Duration { .nanoseconds(Int64(value * 1e6)) }
}
