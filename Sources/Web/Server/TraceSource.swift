import Engine
import Hummingbird

/// Gives every request its identity: the caller's trace, or a new one.
struct TraceSource: Sendable {
    let random: RandomSource

    func trace(of request: Request) -> TraceID { TraceID(traceparent: request.headers[.traceContext], random: random) }
}
