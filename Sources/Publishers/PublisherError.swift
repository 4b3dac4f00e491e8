/// Why a destination did not do what was asked.
package struct PublisherError: Error, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// The post itself cannot be published as it is.
        case invalidPost = "publisher.invalid_post"
        /// The recorded draft is gone: somebody deleted it.
        case draftMissing = "publisher.draft_missing"
        /// The destination does not let us write: permissions, a read-only or full disk, a revoked key.
        case unwritable = "publisher.unwritable"
        /// Another process holds the destination for longer than it should.
        case busy = "publisher.busy"
        /// The destination asks us to slow down.
        case rateLimited = "publisher.rate_limited"
        case unreachable = "publisher.unreachable"
    }
    package enum Retry: Sendable, Equatable {
        case never, backoff
        case after(Duration)
        /// Refused by the site's own limit: wait, and count no attempt. Other sites go on.
        case refused(after: Duration?)
    }

    package let code: Code
    /// Ours, safe to show.
    package let message: String
    /// What the owner or operator should do next.
    package let hint: String?
    package let retry: Retry
    package let cause: (any Error)?

    package init(
        _ code: Code, _ message: String, hint: String? = nil, retry: Retry, cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.retry = retry
        self.cause = cause
    }

    package var description: String { "\(code.rawValue): \(message)" }
}
