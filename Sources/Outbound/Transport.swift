/// Carries one request to the world outside and brings the answer back.
///
/// An argument of every client, so that tests and the simulator can answer from memory. One call is one attempt:
/// no implementation retries, follows a redirect or keeps a cookie, because the engine owns the retry budget.
package protocol Transport: Sendable {
    /// Sends `request` once and returns the whole answer, whatever its status.
    ///
    /// - Parameter deadline: from now until the last byte of the body; covers look-up, connect, wait and body together.
    /// - Throws: ``OutboundError`` when there is no answer; its `sent` says whether the server may have seen the
    ///   request. `CancellationError` when the calling task was cancelled, which is never a failed attempt.
    func send(_ request: OutboundRequest, deadline: Duration) async throws -> OutboundResponse
}
