import Blog
import Engine
import Hummingbird
import ProductKit

/// `GET /api/rate-limiter/stats`: how much of the language model's quota the whole cluster uses.
struct ModelLimiterStats: Readable {
    static let path = "/api/rate-limiter/stats"
    let readings: EngineReadings
    let pools: ProviderPools

    func get(_ call: Call) async throws -> Response {
        let reading = try await readings.latest()
        return try .json(RateLimiterStats.json(reading.pool(pools.model), at: Timestamp(reading.at)))
    }
}
