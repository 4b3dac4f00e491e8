import Engine
import ProductKit
import Providers
import Publishers

extension StepContext {
    /// One call to the world outside, between the two places where a test can make a process die, with its errors as
    /// the engine reads them.
    ///
    /// - Parameter name: the step, or the step and what it asks, such as `image.find`.
    /// - Parameter call: reports what was paid to the meter before it returns or throws.
    func calling<Answer: Sendable>(
        _ name: String, defaultPause: Duration, _ call: () async throws -> Answer
    ) async throws -> Answer {
        try failpoints.pass("\(name).beforeSend")
        let answer: Answer
        do { answer = try await call() } catch let error as ProviderError {
            throw StepFailure(error, defaultPause: defaultPause)
        } catch let error as PublisherError {
            throw StepFailure(error, defaultPause: defaultPause)
        }
        try failpoints.pass("\(name).received")
        return answer
    }

    /// Whether the step may have been under way before: it, or an earlier one, was claimed more than once. Unlike the count
    /// of attempts, this knows of those that a shutdown handed back.
    func mayHaveActed<Step: StepName>(after done: JobProgress<Step>) -> Bool { claims > done.stepsDone + 1 }
}

extension StepFailure {
    init(_ error: PublisherError, defaultPause: Duration) {
        let retry: Retry =
            switch error.retry {
            case .never: .never
            case .backoff: .backoff
            case .after(let pause): .after(pause)
            // One site's limit is not the pool's: the job waits, the other sites go on. Nor is a site that is away.
            case .refused(let pause): .refusedToTenant(pause ?? defaultPause)
            }
        self.init(code: error.code.rawValue, message: error.message, hint: error.hint, retry: retry, cause: error)
    }
}
