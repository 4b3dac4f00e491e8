import Database
import Engine
import Foundation

/// Everything that owners, the HTTP interface, the pages and the command line do with generations.
///
/// Each verb stands in a file of its own. Those that look take a ``Scope``: what belongs to another site is answered with
/// `generation.not_found`, as if it did not exist.
package struct BlogGenerations: Sendable {
    let engine: Engine
    let wallClock: @Sendable () -> Date
    let intake: Intake

    /// - Parameter wallClock: judges whether a time of publication lies ahead.
    package init(engine: Engine, wallClock: @escaping @Sendable () -> Date) {
        self.engine = engine
        self.wallClock = wallClock
        intake = Intake(engine: engine)
    }

    /// Runs `body` and says in Blog's words what the engine refuses.
    func refusing<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch let error as EngineError {
            switch error {
            case .unknownJob: throw BlogError.notFound
            case .wrongState(_, let state): throw BlogError.wrongState(state.name)
            case .idempotencyMismatch:
                throw BlogError(
                    .idempotencyMismatch, "This Idempotency-Key was used with another request.",
                    hint: "Use a new key for a new request; repeat a request with its own key and body.")
            case .queueFull(let size, let retryAfter): throw await full(size: size, retryAfter: retryAfter)
            case .costOverLimit:
                throw BlogError(
                    .requestTooLarge, "This request needs more tokens than the model's limit allows in a minute.",
                    hint: "Ask for fewer words, or have an operator raise the limit on tokens (OPENAI_TPM).")
            default: throw error
            }
        }
    }

    private func full(size: Int, retryAfter: Duration) async -> BlogError {
        // The pause is a tenth of the wait; only a longest one does not tell it. A reading that fails keeps nobody from
        // being told to come again.
        var wait = retryAfter * 10
        if retryAfter >= Admission.longestPause, let known = try? await engine.admission().estimatedWait {
            wait = known
        }
        let minutes = Int((wait.milliseconds / 60_000).rounded(.up))
        return BlogError(
            .queueFull, "\(size) requests are waiting; the queue takes no more for now.",
            hint: "Send the request again after the time in Retry-After.",
            congestion: .init(queueSize: size, estimatedWaitMinutes: max(1, minutes), retryAfter: retryAfter))
    }
}

extension BlogError {
    static let notFound = BlogError(
        .generationNotFound, "There is no such generation.", hint: "Check the id; the list shows those of your site.")

    static func wrongState(_ state: String) -> BlogError {
        BlogError(
            .generationWrongState, "This cannot be done with a generation that is \(state).",
            hint: "Only what has not ended can be cancelled; only what failed or was cancelled can be retried.")
    }
}
