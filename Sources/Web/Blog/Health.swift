import Blog
import Hummingbird
import ProductKit

/// `GET /health`: that the server answers and reaches its database.
struct Health: Readable {
    static let path = "/health"
    let readings: EngineReadings
    let timing: Timing

    func get(_ call: Call) async throws -> Response {
        _ = try await readings.latest()
        return try .json(["status": "ok", "timestamp": "\(Timestamp(timing.now()))"])
    }
}
