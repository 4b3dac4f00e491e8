/// What the engine refuses, each with a stable code.
public enum EngineError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Another active job of this tenant holds the unique key.
    case duplicate(of: JobID)
    /// The idempotency key was used with another body.
    case idempotencyMismatch
    case queueFull(size: Int, retryAfter: Duration)
    case unknownJob(JobID)
    case unknownTenant(TenantID)
    case unknownKind(JobKind)
    case unknownPool(PoolName)
    /// The job is not in a state in which this can be done.
    case wrongState(JobID, JobState)
    case inputTooLarge(bytes: Int, max: Int)
    /// A step costs more than its pool can ever pay at once.
    case costOverLimit(pool: PoolName, cost: Double)

    public var code: String {
        switch self {
        case .duplicate: "job.duplicate"
        case .idempotencyMismatch: "idempotency.mismatch"
        case .queueFull: "queue.full"
        case .unknownJob: "job.unknown"
        case .unknownTenant: "tenant.unknown"
        case .unknownKind: "job.kind_unknown"
        case .unknownPool: "pool.unknown"
        case .wrongState: "job.wrong_state"
        case .inputTooLarge: "job.input_too_large"
        case .costOverLimit: "job.cost_over_limit"
        }
    }

    public var description: String { "\(code): \(message)" }

    public var message: String {
        switch self {
        case .duplicate(let id): "Job \(id) with the same unique key is still active."
        case .idempotencyMismatch: "This idempotency key was used with another request."
        case .queueFull(let size, _): "\(size) jobs are waiting to begin; the queue takes no more for now."
        case .unknownJob(let id): "There is no job \(id)."
        case .unknownTenant(let id): "There is no tenant \(id)."
        case .unknownKind(let kind): "No workflow named \(kind) is registered."
        case .unknownPool(let name): "No pool named \(name) is configured."
        case .wrongState(let id, let state): "Job \(id) is \(state.name)."
        case .inputTooLarge(let bytes, let max): "The input has \(bytes) bytes; at most \(max) are allowed."
        case .costOverLimit(let pool, let cost): "A cost of \(cost) exceeds what pool \(pool) can grant at once."
        }
    }
}
