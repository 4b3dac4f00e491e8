import Foundation

/// What a load run of Arena has shown; a part that was not played is nil.
struct ArenaLoadReport: Encodable, Sendable {
    var replies: Replies?
    /// By what was read.
    var reads: [String: CallFigures]?
    var limits: [Limit]?
    /// The most that any process has had, in bytes; 0 where the system does not tell.
    var memoryPeakBytes = 0

    struct Replies: Encodable, Sendable {
        let calls: CallFigures
        let enqueued: Int
        let skipped: Int
        /// Replies of personas that can be read afterwards.
        let stored: Int
        /// Pairs of a post and a persona that they are of: as many, or a persona has answered twice.
        let pairs: Int
        let failed: Int
        let retries: Int
        /// Retries after the queue was empty, and jobs that still wait or run: 0 when all is at rest.
        let retriesAtRest: Int
        let underWayAtRest: Int
        /// From the last answer to the last request.
        let drainSeconds: Double
        let providerCalls: Int
        /// By the sandbox, for its limits.
        let refusedCalls: Int

        private enum CodingKeys: String, CodingKey {
            case calls, enqueued, skipped, stored, pairs, failed, retries
            case retriesAtRest = "retries_at_rest"
            case underWayAtRest = "under_way_at_rest"
            case drainSeconds = "drain_seconds"
            case providerCalls = "provider_calls"
            case refusedCalls = "refused_calls"
        }
    }

    struct Limit: Encodable, Sendable {
        /// How much of it the first server was asked.
        let firstServerPercent: Int
        let limit: Int
        let admitted: Int
        let refused: Int
        let calls: CallFigures

        private enum CodingKeys: String, CodingKey {
            case limit, admitted, refused, calls
            case firstServerPercent = "first_server_percent"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case replies, reads, limits
        case memoryPeakBytes = "memory_peak_bytes"
    }
}

extension ArenaLoadReport {
    /// For people.
    var text: String {
        var lines: [String] = []
        if let replies {
            lines.append("replies    \(replies.calls.text)")
            lines.append(
                """
                           \(replies.enqueued) enqueued, \(replies.skipped) skipped; \(replies.stored) stored for \
                \(replies.pairs) pairs, \(replies.failed) failed
                """)
            lines.append(
                """
                           empty after \(Int(replies.drainSeconds.rounded(.up))) s; \(replies.retries) retries, \
                \(replies.retriesAtRest) since, \(replies.underWayAtRest) under way
                """)
            lines.append("           \(replies.providerCalls) calls of the model, \(replies.refusedCalls) refused")
        }
        for (name, figures) in (reads ?? [:]).sorted(by: { $0.key < $1.key }) {
            lines.append(name.padding(toLength: 11, withPad: " ", startingAt: 0) + figures.text)
        }
        for limit in limits ?? [] {
            lines.append(
                """
                limit      \(limit.admitted) of \(limit.calls.requests) admitted of one address, \
                \(limit.firstServerPercent) % of them at the first server; the limit is \(limit.limit)
                """)
        }
        lines.append("No process had more than \(memoryPeakBytes >> 20) MB.")
        return lines.joined(separator: "\n")
    }
}

extension CallFigures {
    var text: String {
        let statuses = answers.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }.joined(separator: ", ")
        let times = [p50Milliseconds, p95Milliseconds, p99Milliseconds].map { "\(Int($0.rounded(.up)))" }
        return """
            \(requests) requests in \(Int(seconds.rounded())) s: \(statuses); p50, p95, p99: \
            \(times.joined(separator: ", ")) ms
            """
    }
}
