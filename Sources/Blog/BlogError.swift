import ProductKit

/// What Blog refuses, each with a stable code; the HTTP layer maps ``Kind`` to a status and copies the rest.
package struct BlogError: Error, Sendable, CustomStringConvertible {
    /// The family of a refusal.
    package enum Kind: Sendable {
        /// The request cannot be read at all (400).
        case malformed
        /// Readable, but what it says is wrong (422); see ``BlogError/problems``.
        case invalid
        /// No key, or one that opens nothing (401).
        case unauthorized
        /// There is none, or it belongs to another site, which looks the same (404).
        case notFound
        /// It exists, but not in a state in which this can be done (409).
        case conflict
        /// The queue takes no more for now (503, with ``BlogError/congestion``).
        case full
    }

    package enum Code: String, Sendable, CaseIterable {
        case requestMalformed = "request.malformed"
        case validationFailed = "validation.failed"
        case cursorInvalid = "cursor.invalid"
        case keyInvalid = "key.invalid"
        case generationNotFound = "generation.not_found"
        case generationWrongState = "generation.wrong_state"
        case siteNotFound = "site.not_found"
        case siteExists = "site.exists"
        case keyNotFound = "key.not_found"
        case credentialsNoKey = "credentials.no_key"
        case credentialsUnreadable = "credentials.unreadable"
        case selectionOutOfRange = "selection.out_of_range"
        case selectionWrongState = "selection.wrong_state"
        case selectionExhausted = "selection.exhausted"
        case idempotencyMismatch = "idempotency.mismatch"
        case queueFull = "queue.full"
        case requestTooLarge = "request.too_large"
        case productUnreadable = "product.unreadable"
    }

    /// How full the queue is, for a caller who is asked to come back later.
    package struct Congestion: Sendable, Equatable {
        package var queueSize: Int
        package var estimatedWaitMinutes: Int
        package var retryAfter: Duration
        package init(queueSize: Int, estimatedWaitMinutes: Int, retryAfter: Duration) {
            self.queueSize = queueSize
            self.estimatedWaitMinutes = estimatedWaitMinutes
            self.retryAfter = retryAfter
        }
    }

    package let code: Code
    /// Safe to show.
    package let message: String
    /// What the caller can do next.
    package let hint: String?
    /// Every field that is wrong, in the order of the documentation; empty unless `code` is `validation.failed`.
    package let problems: [FieldProblem]
    /// Only with `queue.full`.
    package let congestion: Congestion?

    package init(
        _ code: Code, _ message: String, hint: String? = nil, problems: [FieldProblem] = [],
        congestion: Congestion? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.problems = problems
        self.congestion = congestion
    }

    package var kind: Kind {
        switch code {
        case .requestMalformed, .cursorInvalid, .productUnreadable: .malformed
        case .validationFailed, .idempotencyMismatch, .requestTooLarge: .invalid
        case .keyInvalid: .unauthorized
        case .generationNotFound, .siteNotFound, .keyNotFound: .notFound
        case .generationWrongState, .siteExists, .selectionOutOfRange, .selectionWrongState, .selectionExhausted,
            .credentialsNoKey, .credentialsUnreadable:
            .conflict
        case .queueFull: .full
        }
    }

    package var description: String {
        let fields = problems.map { "\n  \($0)" }.joined()
        return "\(code.rawValue): \(message)\(fields)"
    }
}

extension BlogError {
    package static func invalid(_ problems: [FieldProblem]) -> BlogError {
        let count = problems.count == 1 ? "One field is" : "\(problems.count) fields are"
        let first = problems.prefix(3).map(\.description).joined(separator: "; ")
        return BlogError(
            .validationFailed, "\(count) wrong: \(first)\(problems.count > 3 ? "; …" : ".")",
            hint: "Correct what `problems` lists and send the request again.", problems: problems)
    }
}
