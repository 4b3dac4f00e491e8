import CoreMetrics
import HTTPTypes
import Hummingbird
import Limits

/// The limits of one server: who is counted, who is not, and what is told to them.
struct EdgeLimits: Sendable {
    let limiter: RateLimiter
    let addresses: ClientAddresses
    /// Addresses that no limit holds, such as those of load tests.
    let exempt: [IPNetwork]
    let metrics: any MetricsFactory

    /// Whose call it is, by address.
    func client(of call: Call) -> IPAddress? { addresses.client(of: call) }

    /// - Returns: nil for a call that no limit holds.
    func decide(_ call: Call, by subject: LimitSubject?, under policy: LimitPolicy) async -> LimitDecision? {
        let client = client(of: call)
        if let client, exempt.contains(where: { $0.contains(client) }) { return nil }
        let decision = await limiter.admit(
            subject ?? client.map(LimitSubject.address) ?? .unknownAddress, under: policy)
        if !decision.isAdmitted {
            // `endpoint` is the route's template, so that the labels stay bounded.
            Counter(
                label: "rate_limit_events_total",
                dimensions: [("endpoint", call.context.endpointPath ?? "none"), ("scope", policy.name)],
                factory: metrics
            ).increment()
        }
        return decision
    }
}

extension ClientAddresses {
    /// Nil for a call without a connection.
    func client(of call: Call) -> IPAddress? {
        client(
            peer: call.context.channel?.remoteAddress?.ipAddress.flatMap { IPAddress($0) },
            forwardedFor: call.request.headers[values: .forwardedFor])
    }
}

extension HTTPField.Name {
    static let forwardedFor = Self("X-Forwarded-For")!
    static let rateLimitPolicy = Self("RateLimit-Policy")!
    static let rateLimit = Self("RateLimit")!
}
