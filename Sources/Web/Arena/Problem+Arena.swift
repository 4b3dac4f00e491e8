import Arena
import HTTPTypes
import ProductKit

extension Problem {
    /// Arena's refusals: the kind decides the status, everything else is passed on.
    init(_ error: ArenaError) {
        self.init(Self.status(of: error.kind), code: error.code.rawValue, detail: error.message, hint: error.hint)
        // Older callers read `error`.
        members["error"] = .string(code)
        if !error.problems.isEmpty {
            members["problems"] = .array(
                error.problems.map { ["field": .string($0.field), "message": .string($0.message)] })
        }
        if let retryAfter = error.retryAfter { headers[.retryAfter] = retryAfter.wholeSeconds }
        if let quota = error.quota {
            members["quota"] = [
                "kind": .string(quota.kind.rawValue), "used": .count(quota.used), "limit": .count(quota.limit),
                "resets_at": .string(quota.resetsAt.description),
            ]
        }
        if status == .unauthorized { headers[.wwwAuthenticate] = #"Bearer realm="arena""# }
    }

    private static func status(of kind: ArenaError.Kind) -> HTTPResponse.Status {
        switch kind {
        case .malformed: .badRequest
        case .invalid: .unprocessableContent
        case .unauthorized: .unauthorized
        case .forbidden: .forbidden
        case .notFound: .notFound
        case .conflict: .conflict
        case .exhausted: .tooManyRequests
        case .busy: .serviceUnavailable
        }
    }
}
