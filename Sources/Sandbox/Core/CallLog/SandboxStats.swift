/// What a sandbox has counted since it started.
package struct SandboxStats: Sendable, Equatable, Codable {
    /// Counts of one operation.
    package struct Counts: Sendable, Equatable, Codable {
        package var calls = 0
        /// Answered with a status below 400.
        package var succeeded = 0
        /// Refused by the limits; scripted refusals count as faults.
        package var refused = 0
        package var faults = 0
    }

    package var calls = 0
    /// Calls refused by the limits on requests or tokens.
    package var refusals = 0
    package var faults = 0
    package var byOperation: [String: Counts] = [:]
    /// Tokens charged at admission.
    package var tokensCharged = 0
    /// Tokens reported as used.
    package var promptTokens = 0
    package var completionTokens = 0
    package var webhooksDelivered = 0
    package var webhooksFailed = 0
    /// Calls under way, and the most there ever were at once. Counted by the server.
    package var inFlight = 0
    package var inFlightMost = 0
    /// Sandbox seconds since the start.
    package var sandboxSeconds = 0.0

    package init() {}

    /// Counts of one operation; zeros when it was never called.
    package subscript(operation: Operation) -> Counts { byOperation[operation.rawValue] ?? Counts() }

    mutating func count(_ record: CallRecord) {
        var counts = self[record.operation]
        calls += 1
        counts.calls += 1
        if (1..<400).contains(record.status) { counts.succeeded += 1 }
        if record.refusedBy != nil {
            refusals += 1
            counts.refused += 1
        }
        if record.fault != nil {
            faults += 1
            counts.faults += 1
        }
        tokensCharged += record.charged
        promptTokens += record.promptTokens
        completionTokens += record.completionTokens
        byOperation[record.operation.rawValue] = counts
    }
}
