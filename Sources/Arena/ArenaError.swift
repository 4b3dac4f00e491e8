import ProductKit

/// What Arena refuses, each with a stable code; the HTTP layer maps ``Kind`` to a status and copies the rest.
package struct ArenaError: Error, Sendable, CustomStringConvertible {
    /// The family of a refusal.
    package enum Kind: Sendable {
        /// The request cannot be read at all (400).
        case malformed
        /// Readable, but what it says is wrong (422); see ``ArenaError/problems``.
        case invalid
        /// Nobody is signed in, or not with these words (401).
        case unauthorized
        /// Signed in, and not allowed (403).
        case forbidden
        /// There is none, or it is not for the caller to see, which looks the same (404).
        case notFound
        /// It exists, but not in a state in which this can be done (409).
        case conflict
        /// The day's share is used up (429, with ``ArenaError/retryAfter``).
        case exhausted
        /// No more is taken for now (503, with ``ArenaError/retryAfter``).
        case busy
    }

    package enum Code: String, Sendable, CaseIterable {
        case requestMalformed = "request.malformed"
        case validationFailed = "validation.failed"
        case cursorInvalid = "cursor.invalid"
        case credentialsInvalid = "credentials.invalid"
        case signInRequired = "sign_in.required"
        case signupRequired = "signup_required"
        case tokenInvalid = "token.invalid"
        case sessionReused = "session.reused"
        case roleInsufficient = "role.insufficient"
        case emailTaken = "email.taken"
        case personaNotFound = "persona.not_found"
        case personaLimit = "persona.limit_reached"
        case personaPaused = "persona.paused"
        case profileNotFound = "profile.not_found"
        case profileSlugExhausted = "profile.slug_exhausted"
        case roomNotFound = "room.not_found"
        case roomArchived = "room.archived"
        case postNotFound = "post.not_found"
        case postWrongState = "post.wrong_state"
        case replyNotFound = "reply.not_found"
        case templateNotFound = "template.not_found"
        case battleNotFound = "battle.not_found"
        case battleWrongState = "battle.wrong_state"
        case remixTokenInvalid = "remix.token_invalid"
        case remixTokenUsed = "remix.token_used"
        case operationNotFound = "operation.not_found"
        case followSelf = "follow.self"
        case blockSelf = "block.self"
        case notificationNotFound = "notification.not_found"
        case eventUnknown = "event.unknown"
        case eventServerOnly = "event.server_only"
        case reportTargetNotFound = "report.target_not_found"
        case quotaExhausted = "quota.exhausted"
        case queueFull = "queue.full"
        case serverBusy = "server.busy"
    }

    package let code: Code
    /// Safe to show.
    package let message: String
    /// What the caller can do next.
    package let hint: String?
    /// Every field that is wrong, in the order of the documentation; empty unless `code` is `validation.failed`.
    package let problems: [FieldProblem]
    /// When to come again; with the kinds `exhausted` and `busy`.
    package let retryAfter: Duration?
    /// The day's use; only with `quota.exhausted`.
    package let quota: QuotaStatus?

    package init(
        _ code: Code, _ message: String, hint: String? = nil, problems: [FieldProblem] = [],
        retryAfter: Duration? = nil, quota: QuotaStatus? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.problems = problems
        self.retryAfter = retryAfter
        self.quota = quota
    }

    package var kind: Kind {
        switch code {
        case .requestMalformed, .cursorInvalid, .eventUnknown: .malformed
        case .validationFailed, .remixTokenInvalid: .invalid
        case .credentialsInvalid, .signInRequired, .signupRequired, .tokenInvalid, .sessionReused: .unauthorized
        case .roleInsufficient, .eventServerOnly: .forbidden
        case .personaNotFound, .profileNotFound, .roomNotFound, .postNotFound, .replyNotFound, .templateNotFound,
            .battleNotFound, .operationNotFound, .notificationNotFound, .reportTargetNotFound:
            .notFound
        case .emailTaken, .personaLimit, .personaPaused, .profileSlugExhausted, .roomArchived, .postWrongState,
            .battleWrongState, .remixTokenUsed, .followSelf, .blockSelf:
            .conflict
        case .quotaExhausted: .exhausted
        case .queueFull, .serverBusy: .busy
        }
    }

    package var description: String {
        let fields = problems.map { "\n  \($0)" }.joined()
        return "\(code.rawValue): \(message)\(fields)"
    }
}

extension ArenaError {
    package static func invalid(_ problems: [FieldProblem]) -> ArenaError {
        let count = problems.count == 1 ? "One field is" : "\(problems.count) fields are"
        let first = problems.prefix(3).map(\.description).joined(separator: "; ")
        return ArenaError(
            .validationFailed, "\(count) wrong: \(first)\(problems.count > 3 ? "; …" : ".")",
            hint: "Correct what `problems` lists and send the request again.", problems: problems)
    }
}
