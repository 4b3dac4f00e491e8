import Engine
import Providers
import Publishers

extension StepContext {
    /// One call to the world outside, between the two places where a test can make a process die, with its errors as
    /// the engine reads them.
    ///
    /// - Parameter name: the step, or the step and what it asks, such as `image.find`.
    /// - Parameter isVital: whether the article cannot do without the answer, and so waits for a provider that is away
    ///   rather than use up its attempts. A picture never blocks an article.
    /// - Parameter isStandIn: whether another account than the first is asked: one that takes no key or model of ours is shut,
    ///   and the first goes on, rather than that the job fails.
    /// - Parameter call: reports what was paid to the meter before it returns or throws.
    func calling<Answer: Sendable>(
        _ name: String, defaultPause: Duration, isVital: Bool = false, isStandIn: Bool = false,
        _ call: () async throws -> Answer
    ) async throws -> Answer {
        try failpoints.pass("\(name).beforeSend")
        let answer: Answer
        do { answer = try await call() } catch let error as ProviderError {
            if isStandIn, error.shutsStandIn { throw StepFailure(shutBy: error) }
            throw StepFailure(error, defaultPause: defaultPause, isVital: isVital)
        } catch let error as PublisherError {
            throw StepFailure(error, defaultPause: defaultPause)
        }
        try failpoints.pass("\(name).received")
        return answer
    }

    /// Counts down the step's time: what is left of it for a second call.
    func countdown() -> @Sendable () -> Duration { Self.countdown(from: timeout, on: clock) }

    private static func countdown(from timeout: Duration, on clock: some Clock<Duration>) -> @Sendable () -> Duration {
        let start = clock.now
        return { max(.zero, timeout - start.duration(to: clock.now)) }
    }
}

extension StepFailure {
    /// - Parameter isVital: whether the job waits for a provider that is away or has shut its account.
    init(_ error: ProviderError, defaultPause: Duration, isVital: Bool = false) {
        let retry: Retry =
            switch (error.retry, error.code) {
            case (_, .quotaExhausted) where isVital: .refusedByAccount
            case (.refused(let pause), .dailyLimit) where isVital: .refusedForDay(pause)
            // What can be done without is done without, rather than tomorrow.
            case (.refused, .dailyLimit): .never
            case (.never, _): .never
            case (.backoff, _): .backoff
            case (.after(let pause), _): .after(pause)
            case (.refused(let pause), _): .refused(pause ?? defaultPause)
            }
        self.init(
            code: error.code.rawValue, message: error.message, hint: error.hint, retry: retry,
            outage: isVital ? error.outage : nil, cause: error)
    }

    /// Of an account that stands in for another one, and cannot.
    init(shutBy error: ProviderError) {
        self.init(
            code: error.code.rawValue, message: error.message, hint: error.hint, retry: .refusedByAccount, cause: error)
    }

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

extension ProviderError {
    /// What the failure says of the provider itself, so that its pool waits instead of every job in it.
    fileprivate var outage: StepFailure.Outage? {
        switch code {
        case .unavailable, .unreachable, .timedOut: .suspected
        case .rateLimited, .dailyLimit, .quotaExhausted, .requestTooLarge, .rejected, .unauthorized, .modelNotFound,
            .refused, .truncated,
            .contentFiltered, .malformed, .gone:
            nil
        }
    }
}
