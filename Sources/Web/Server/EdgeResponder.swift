import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1

/// What every request passes, whichever route it is for: its trace, its body within limits, its deadline, its answer
/// with safe headers, its line in the log. Whatever is thrown below becomes a ``Problem`` here.
package struct EdgeResponder: HTTPResponder {
    let router: any HTTPResponder<WebContext>
    let limits: WebConfiguration.Limits
    let timing: Timing
    let headers: SecurityHeaders
    let draining: Draining
    let traces: TraceSource
    let requests: RequestMetrics
    let log: AccessLog
    /// Shows a problem to a person, who was at a path.
    let errorPage: @Sendable (Problem, String) -> Response

    package func respond(to request: Request, context: WebContext) async throws -> Response {
        let elapsed = timing.stopwatch()
        var context = context
        context.trace = traces.trace(of: request)
        context.coreContext.endpointPath.value = nil
        var (response, problem) = try await answer(request, context, elapsed)
        headers.apply(to: &response.headers)
        response.headers[.requestID] = context.trace.description
        if draining.isOn { response.headers[.connection] = "close" }
        if request.method == .head { response = response.createHeadResponse() }
        let duration = elapsed()
        requests.record(request.method, route: context.endpointPath, status: response.status, took: duration)
        log.record(request, status: response.status, took: duration, trace: context.trace, code: problem?.code)
        return response
    }

    private func answer(
        _ request: Request, _ context: WebContext, _ elapsed: @escaping @Sendable () -> Duration
    ) async throws -> (Response, Problem?) {
        do {
            return (try await respondInTime(to: request, context, elapsed), nil)
        } catch let error as HTTPParserError {
            throw error  // The connection is beyond an answer; the server closes it.
        } catch {
            let problem = Problem(error, limits: limits)
            if problem.status.code >= 500, problem.code == Problem.internalFailure.code {
                log.logger.error("request failed", metadata: ["error": "\(error)", "trace": "\(context.trace)"])
            }
            return (request.prefersHTML ? errorPage(problem, request.uri.path) : problem.response(), problem)
        }
    }

    private func respondInTime(
        to request: Request, _ context: WebContext, _ elapsed: @Sendable () -> Duration
    ) async throws -> Response {
        let router = router
        var context = context
        context.body = try await body(of: request)
        let ready = context
        // A stream's body is written after this returns, so that only the way to its first byte has a deadline.
        return try await timing.within(max(.zero, limits.requestTimeout - elapsed())) {
            try await router.respond(to: request, context: ready)
        }
    }

    private func body(of request: Request) async throws -> ByteBuffer {
        let declaredBytes = request.headers[.contentLength].flatMap { Int($0) }
        guard request.headers[.transferEncoding] != nil || declaredBytes ?? 0 > 0 else { return ByteBuffer() }
        let (body, bytesMax) = (request.body, limits.bodyBytesMax)
        do {
            return try await timing.within(min(limits.bodyTimeout, limits.requestTimeout)) {
                try await body.collected(upTo: bytesMax, declaredBytes: declaredBytes)
            }
        } catch is DeadlineExceeded {
            throw Problem.bodyTooSlow(after: limits.bodyTimeout)
        }
    }
}

extension HTTPField.Name {
    static let requestID = Self("X-Request-Id")!
    static let traceContext = Self("traceparent")!
}
