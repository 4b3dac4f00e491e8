import Engine
import Providers

extension StepFailure {
    /// - Parameter isVital: whether the job waits for a provider that is away or has shut its account, rather than use up
    ///   its attempts.
    package init(_ error: ProviderError, defaultPause: Duration, isVital: Bool = false) {
        let retry: Retry =
            switch (error.retry, error.code) {
            case _ where isVital && error.shutsAccount: .refusedByAccount
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
}

extension ProviderError {
    /// What the failure says of the provider itself, so that its pool waits instead of every job in it.
    fileprivate var outage: StepFailure.Outage? {
        switch code {
        case .unavailable, .unreachable, .timedOut: .suspected
        case .rateLimited, .dailyLimit, .quotaExhausted, .requestTooLarge, .rejected, .unauthorized, .modelNotFound,
            .refused, .truncated, .contentFiltered, .malformed, .gone:
            nil
        }
    }
}
