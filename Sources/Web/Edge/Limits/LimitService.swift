import Limits
import ServiceLifecycle

/// Keeps the limits shared as long as the server runs.
struct LimitService: Service {
    let limiter: RateLimiter

    func run() async throws {
        // Cancelled on shutdown: what is still answered is decided upon by this process alone.
        await cancelWhenGracefulShutdown { await limiter.run() }
    }
}
