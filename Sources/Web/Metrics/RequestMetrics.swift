import CoreMetrics
import HTTPTypes

/// Counts requests by route, method and status, and measures how long their answers take.
///
/// Routes are the templates of the table and methods are those the parser knows, so that the labels stay bounded.
struct RequestMetrics: Sendable {
    let factory: any MetricsFactory

    func record(_ method: HTTPRequest.Method, route: String?, status: HTTPResponse.Status, took duration: Duration) {
        let route = route ?? "none"
        Counter(
            label: "http_requests_total",
            dimensions: [("method", method.rawValue), ("route", route), ("status", "\(status.code)")], factory: factory
        ).increment()
        Timer(label: "http_request_duration_seconds", dimensions: [("route", route)], factory: factory)
            .recordNanoseconds(Int64(duration / .nanoseconds(1)))
    }
}
