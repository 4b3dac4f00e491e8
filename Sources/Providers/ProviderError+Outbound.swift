import Outbound

extension ProviderError {
    /// The transport's failure as the provider's. Cancellation stays what it is.
    static func wrapping(_ error: any Error, provider: String) -> any Error {
        guard let error = error as? OutboundError else { return error }
        let retry: Retry = error.retry == .never ? .never : .backoff
        return ProviderError(
            code(of: error.code), "\(provider): \(error.message)", hint: error.hint, retry: retry, sent: error.sent,
            cause: error)
    }

    private static func code(of code: OutboundError.Code) -> Code {
        switch code {
        case .timedOut: .timedOut
        case .unreachable, .interrupted, .closed: .unreachable
        case .bodyTooLarge, .encoded: .malformed
        case .invalidURL, .refusedDestination: .rejected
        }
    }
}
