import HTTPTypes
import Hummingbird
import Logging

/// One line for each answered request: what, how it ended, how long it took. Never a body, a query string or a header.
struct AccessLog: Sendable {
    let logger: Logger

    func record(_ request: Request, status: HTTPResponse.Status, took duration: Duration, trace: TraceID, code: String?)
    {
        var metadata: Logger.Metadata = [
            "status": "\(status.code)",
            "milliseconds": "\(Int(duration / .milliseconds(1)))",
            "trace": "\(trace)",
        ]
        if let code { metadata["code"] = "\(code)" }
        logger.log(
            level: level(of: request, status: status), "\(request.method.rawValue) \(request.uri.path.prefix(200))",
            metadata: metadata)
    }

    // Probes, scrapes, assets and live streams come every few seconds and say nothing.
    private func level(of request: Request, status: HTTPResponse.Status) -> Logger.Level {
        if status.code >= 500 { return .warning }
        let path = request.uri.path
        let isRoutine =
            path == "/health" || path == "/metrics" || path == "/changes" || path.hasPrefix("/assets/")
            || path.hasPrefix("/favicon")
        return isRoutine ? .debug : .info
    }
}
