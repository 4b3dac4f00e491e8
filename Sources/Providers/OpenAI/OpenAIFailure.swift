import FoundationEssentials
import HTTPTypes
import Outbound

/// An error answer, classified. The order matters: a 429 may be a pause, an empty purse or a request that never fits.
struct OpenAIFailure {
    let error: ProviderError

    /// - Parameter use: what the endpoint was asked for, for the words and the advice.
    init(_ response: OutboundResponse, now: Date, use: OpenAIUse = .texts) {
        self.error = Reading(response, now: now, use: use).error
    }

    private struct Reading {
        let response: OutboundResponse
        let now: Date
        let use: OpenAIUse
        /// The provider's own words. For classifying only: they echo prompts and keys, so they never leave this file.
        let text: String
        let type: String
        let code: String
        let parameter: String?

        init(_ response: OutboundResponse, now: Date, use: OpenAIUse) {
            self.response = response
            self.now = now
            self.use = use
            let json = JSON(response.body)
            let error = json?["error"] ?? json
            text = error?["message"]?.string ?? error?.string ?? json?["detail"]?.string ?? ""
            type = error?["type"]?.string ?? ""
            code = error?["code"]?.string ?? ""
            parameter = Self.token(error?["param"]?.string)
        }

        /// The names by which OpenAI says that no money is left.
        private static let quotaCodes: Set<String> = [
            "insufficient_quota", "credit_balance_exhausted", "organization_spend_limit_exceeded",
            "project_spend_limit_exceeded", "organization_usage_limit_exceeded", "billing_hard_limit_reached",
        ]
        private static let filterCodes: Set<String> = [
            "content_filter", "content_policy_violation", "moderation_blocked",
        ]

        var error: ProviderError {
            if Self.quotaCodes.contains(code) || Self.quotaCodes.contains(type) || response.status == 402 {
                return make(
                    .quotaExhausted, "The \(use.name) account has no credit left", use.adviceWithoutCredit, .never)
            }
            if text.hasPrefix("Request too large") || code == "context_length_exceeded" || response.status == 413 {
                return make(
                    .requestTooLarge, "The request is larger than the \(use.name) accepts", use.adviceWhenTooLarge,
                    .never)
            }
            if Self.filterCodes.contains(code) {
                return make(
                    .contentFiltered, "The provider's safety filter refused the prompt",
                    "Change the subject or the wording.", .never)
            }
            if response.status == 429, isDaily {
                return make(
                    .dailyLimit, "The \(use.name)'s limit for the day is used up", use.adviceForTheDay,
                    .refused(after: wait(atMost: RetryAfter.day)))
            }
            if code == "rate_limit_exceeded" || code == "slow_down" || response.status == 429 {
                return make(.rateLimited, "The \(use.name) asked us to slow down", nil, .refused(after: wait()))
            }
            return byStatus
        }

        /// A limit a day is in no header, only in words: "on requests per day (RPD): Limit 200, Used 200".
        private var isDaily: Bool { text.contains("per day") || text.contains("(RPD)") || text.contains("(TPD)") }

        private var byStatus: ProviderError {
            switch response.status {
            case 401, 403:
                make(
                    .unauthorized, "The \(use.name) does not accept the key (\(response.status))",
                    "Check the key, its project and its permissions.", .never)
            case 404:
                make(
                    .modelNotFound, "The \(use.name) or its address does not exist (404)",
                    "Check the model's name (models retire) and that the base URL ends in /v1.", .never)
            case 408, 409, 425, 500...599: unavailable
            case 200..<300: unavailable
            case 300..<400:
                make(
                    .rejected, "The \(use.name)'s address redirects (\(response.status))",
                    "Set the base URL to the final address.", .never)
            default: rejected
            }
        }

        private var unavailable: ProviderError {
            make(
                .unavailable, "The \(use.name) cannot answer now (\(response.status))", nil,
                wait().map { .after($0) } ?? .backoff)
        }

        private var rejected: ProviderError {
            let names = [Self.token(code), parameter.map { "parameter \($0)" }].compactMap { $0 }
            let detail = names.isEmpty ? "" : ": \(names.joined(separator: ", "))"
            return make(
                .rejected, "The \(use.name) rejects the request (\(response.status)\(detail))", use.adviceWhenRejected,
                .never)
        }

        private func wait(atMost most: Duration = RetryAfter.longest) -> Duration? {
            RetryAfter.wait(in: response.headers, now: now, atMost: most)
                ?? WaitPhrase.seconds(in: text, after: "try again in ").map { min($0, most) }
        }

        private func make(
            _ code: ProviderError.Code, _ message: String, _ hint: String?, _ retry: ProviderError.Retry
        ) -> ProviderError {
            ProviderError(
                code, message, hint: hint, retry: retry, rateLimits: RateLimitReport(response.headers),
                requestID: response.requestID)
        }

        /// A short identifier may be shown; anything else the provider writes may not.
        private static func token(_ text: String?) -> String? {
            guard let text, (1...64).contains(text.utf8.count) else { return nil }
            let isPlain = text.utf8.allSatisfy {
                (97...122).contains($0) || (48...57).contains($0)
                    || [UInt8(ascii: "_"), UInt8(ascii: ".")].contains($0)
            }
            return isPlain ? text : nil
        }
    }
}
