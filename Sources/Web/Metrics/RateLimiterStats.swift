import Blog
import Engine
import Hummingbird
import ProductKit

/// The shape that older scripts read: the members once under `rateLimiter` and once at the top.
enum RateLimiterStats {
    static func json(_ pool: PoolStatus?, at now: Timestamp) -> JSONValue {
        var members: [String: JSONValue] = [
            "queueLength": .count(pool?.queueLength ?? 0),
            "running": .count(pool?.running ?? 0),
            "requestsInLastMinute": .count(pool?.requestsInLastMinute ?? 0),
            "maxRPM": limit(pool?.requestsPerMinuteMax),
            "rpmUsagePercent": .rounded((pool?.requestUse ?? 0) * 100),
            "tokensInLastMinute": .rounded(pool?.costInLastMinute ?? 0),
            "maxTPM": limit(pool?.costPerMinuteMax),
            "tpmUsagePercent": .rounded((pool?.costUse ?? 0) * 100),
            "pausedSeconds": .rounded((pool?.pausedFor ?? .zero) / .seconds(1)),
        ]
        let nested = JSONValue.object(members)
        members["status"] = .string(status(of: pool))
        members["timestamp"] = .string(now.description)
        members["rateLimiter"] = nested
        return .object(members)
    }

    private static func limit(_ perMinute: Double?) -> JSONValue { perMinute.map(JSONValue.rounded) ?? .null }

    private static func status(of pool: PoolStatus?) -> String {
        guard let pool else { return "unconfigured" }
        if pool.isHeld { return "held" }
        if pool.stop != nil { return "stopped" }
        return pool.circuit != .closed || (pool.pausedFor ?? .zero) > .zero ? "paused" : "ok"
    }
}
