import Blog
import Engine
import HTTPTypes
import Hummingbird
import ProductKit

extension Problem {
    /// Blog's refusals: the kind decides the status, everything else is passed on.
    init(_ error: BlogError) {
        self.init(
            Self.status(of: error.kind), code: error.code.rawValue, detail: error.message, hint: error.hint)
        if !error.problems.isEmpty {
            members["problems"] = .array(
                error.problems.map { ["field": .string($0.field), "message": .string($0.message)] })
        }
        if let congestion = error.congestion { add(congestion, message: error.message) }
    }

    /// The engine's refusals, for what Blog lets through.
    init(_ error: EngineError) {
        let status: HTTPResponse.Status =
            switch error {
            case .unknownJob, .unknownTenant: .notFound
            case .duplicate, .wrongState: .conflict
            case .idempotencyMismatch, .inputTooLarge, .costOverLimit: .unprocessableContent
            case .queueFull: .serviceUnavailable
            case .unknownKind, .unknownPool: .internalServerError
            }
        self.init(status, code: error.code, detail: error.message)
        if case .queueFull(_, let retryAfter) = error { headers[.retryAfter] = retryAfter.wholeSeconds }
    }

    private static func status(of kind: BlogError.Kind) -> HTTPResponse.Status {
        switch kind {
        case .malformed: .badRequest
        case .invalid: .unprocessableContent
        case .unauthorized: .unauthorized
        case .notFound: .notFound
        case .conflict: .conflict
        case .full: .serviceUnavailable
        }
    }

    /// Older callers read `error` and `message`; newer ones `code` and `detail`.
    private mutating func add(_ congestion: BlogError.Congestion, message: String) {
        headers[.retryAfter] = congestion.retryAfter.wholeSeconds
        members["error"] = .string(code)
        members["message"] = .string(message)
        members["queueSize"] = .count(congestion.queueSize)
        members["estimatedWaitMinutes"] = .count(congestion.estimatedWaitMinutes)
    }
}

extension Duration {
    /// At least one, rounded up, for `Retry-After`.
    var wholeSeconds: String {
        let (seconds, attoseconds) = components
        return "\(max(1, seconds + (attoseconds > 0 ? 1 : 0)))"
    }
}
