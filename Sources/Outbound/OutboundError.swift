/// Why a request got no whole answer. Says what to do about it, and never carries a key, a body or a URL's query.
package struct OutboundError: Error, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// The text is not an address we send to. Our own or the operator's mistake.
        case invalidURL = "outbound.invalid_url"
        /// The guard forbids the destination: not https, or an address inside a private network.
        case refusedDestination = "outbound.refused_destination"
        /// No connection: name unknown, port closed, TLS refused.
        case unreachable = "outbound.unreachable"
        /// The connection broke after the request had begun to leave.
        case interrupted = "outbound.interrupted"
        /// The deadline passed.
        case timedOut = "outbound.timed_out"
        /// The body grew beyond the request's cap.
        case bodyTooLarge = "outbound.body_too_large"
        /// The body came in an encoding nobody asked for; unpacking it would have no bound.
        case encoded = "outbound.encoded"
        /// The transport has been shut down.
        case closed = "outbound.closed"
    }
    package enum Retry: Sendable, Equatable { case never, backoff }

    package let code: Code
    /// Ours, safe to show: names the host, never the query.
    package let message: String
    /// What an operator should do next.
    package let hint: String?
    package let retry: Retry
    /// True when the server may have received the request, so a call that is not repeatable must look before it
    /// repeats. False only when no byte of it can have arrived.
    package let sent: Bool
    package let cause: (any Error)?

    package init(
        _ code: Code, _ message: String, hint: String? = nil, retry: Retry, sent: Bool, cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.retry = retry
        self.sent = sent
        self.cause = cause
    }

    package var description: String { "\(code.rawValue): \(message)" }
}
