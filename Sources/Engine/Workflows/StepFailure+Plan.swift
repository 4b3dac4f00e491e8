import Database

/// Failures of a plan, not of a step.
extension StepFailure {
    static func waitsForThePast(_ signal: String) -> StepFailure {
        StepFailure(
            code: "job.plan_failed", message: "The plan waits for the signal \(signal), which has already come.",
            retry: .never)
    }
    static func worthless(_ cost: Double) -> StepFailure {
        StepFailure(
            code: "job.plan_failed", message: "The plan gives a step the cost \(cost); it must be greater than zero.",
            retry: .never)
    }
    static func unplannable(_ error: any Error) -> StepFailure {
        if let failure = error as? StepFailure { return failure }
        if let error = error as? EngineError {
            return StepFailure(code: error.code, message: error.message, retry: .never)
        }
        return StepFailure(
            code: "job.plan_failed", message: "What comes next could not be decided (\(type(of: error))).",
            hint: "A stored result does not have the form that this version expects.", retry: .never, cause: error)
    }

    /// A result that the database does not take: trying to store it again cannot help, doing the step again may.
    static func unrecordable(_ error: any Error) -> StepFailure {
        if let failure = error as? StepFailure { return failure }
        let reason = (error as? DatabaseError)?.code ?? (error as? EngineError)?.code ?? "\(type(of: error))"
        return StepFailure(
            code: "step.unrecordable", message: "The step's result could not be stored (\(reason)).", retry: .backoff,
            cause: error)
    }
}
