import Blog
import Engine
import Hummingbird
import ProductKit

/// `GET /api/replicate-rate-limiter/stats`: the same for the image provider.
struct ImageLimiterStats: Readable {
    static let path = "/api/replicate-rate-limiter/stats"
    let readings: EngineReadings
    let pools: ProviderPools

    func get(_ call: Call) async throws -> Response {
        let reading = try await readings.latest()
        return try .json(RateLimiterStats.json(reading.pool(pools.images), at: Timestamp(reading.at)))
    }
}
