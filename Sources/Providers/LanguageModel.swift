/// Writes text on request. One call is one attempt; whoever calls owns the retries.
package protocol LanguageModel: Sendable {
    /// Sends `prompt` once and returns the model's whole answer.
    ///
    /// The answer is whole (`finish_reason` was not `length`) and not refused, but it is not checked against the
    /// prompt's schema: that is ``Completion/value(matching:)``, so that the caller can ask for one repair.
    /// - Parameter deadline: from now, for the whole call.
    /// - Throws: ``ProviderError``, with what was paid in `usage`; `CancellationError` when the task was cancelled.
    func complete(_ prompt: Prompt, deadline: Duration) async throws -> Completion
}
