import Arena
import Blog
import Database
import Engine
import HTTPTypes
import Hummingbird
import NIOCore

extension Problem {
    /// What a caller is told about an error: what is ours to say is said, everything else is only logged.
    init(_ error: any Error, limits: WebConfiguration.Limits) {
        switch error {
        case let problem as Problem: self = problem
        case is DeadlineExceeded: self = .deadlineExceeded(after: limits.requestTimeout)
        case is NIOTooManyBytesError: self = .bodyTooLarge(bytesMax: limits.bodyBytesMax)
        case is CancellationError: self = .interrupted
        case let error as BlogError: self = Problem(error)
        case let error as ArenaError: self = Problem(error)
        case let error as EngineError: self = Problem(error)
        case let error as DatabaseError: self = Problem(error)
        default: self = .internalFailure
        }
    }

    /// What the HTTP library refuses by itself.
    init(refusal status: HTTPResponse.Status) {
        guard status != .notFound else {
            self = .noRoute
            return
        }
        self.init(status, code: "request.refused", detail: "The request was refused: \(status.reasonPhrase).")
    }

    private init(_ error: DatabaseError) {
        guard error.isRetryable || error.isUnavailable else {
            self = .internalFailure
            return
        }
        self.init(
            .serviceUnavailable, code: error.code, detail: "The database does not answer at the moment.",
            hint: "Send the request again in a few seconds; `pressroom doctor` shows the operator the cause.",
            headers: [.retryAfter: "5"])
    }

    private static let interrupted = Problem(
        .serviceUnavailable, code: "request.interrupted", detail: "The request was interrupted before it was answered.",
        hint: "Send it again.", headers: [.retryAfter: "1"])
}
