/// One call to the sandbox, as its log keeps it. Written when the call is admitted or refused, not when it ends, so that
/// a caller who is killed meanwhile leaves its trace.
package struct CallRecord: Sendable, Equatable, Codable {
    /// Position in the log, from one.
    package var number = 0
    /// Date and time of the caller.
    package var time = ""
    /// Sandbox seconds since the start.
    package var at = 0.0
    package var operation: Operation
    package var model: String?
    /// HTTP status of the answer; 0 when none was given.
    package var status = 0
    package var fault: Fault?
    /// Why the limits refused the call: `requests` or `tokens`. Nil when they did not.
    package var refusedBy: String?
    /// What the limit on tokens was charged.
    package var charged = 0
    package var promptTokens = 0
    package var completionTokens = 0
    /// Planned sandbox seconds until the answer begins.
    package var latency = 0.0
    /// The caller's `X-Client-Request-Id`.
    package var request: String?
    /// The prediction that the call made or was about.
    package var prediction: String?
    /// A hash of the request's body: equal calls have equal ones.
    package var digest: String?

    package init(operation: Operation) { self.operation = operation }
}
