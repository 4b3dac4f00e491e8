import Blog
import CoreMetrics
import Foundation
import HTTPTypes
import Testing

@testable import Web

@Suite struct `Metrics` {
    @Test func `are text that Prometheus can read`() async throws {
        try await WebWorld.with { world in
            let id = try await world.submit("sourdough")
            try await world.test { browser in
                try await world.server.surface.tally.update()
                _ = try await browser.send(.get, "/metrics")
                _ = try await world.generations.cancel(id, in: .allSites, by: "owner")
                _ = try await world.submit("rye")
                try await Task.sleep(for: .milliseconds(1_050))  // Readings are kept for a second.

                let page = try await browser.send(.get, "/metrics")

                #expect(page.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
                try PrometheusFormat.check(page.body)
                #expect(page.body.contains(#"queue_depth{type="blog_generation"} 1"#))
                #expect(page.body.contains(#"jobs_processed_total{outcome="cancelled"} 1"#))
                #expect(page.body.contains("job_retries_total"))
                #expect(page.body.contains(#"pool_requests_per_minute_max{pool="model"} 450"#))
                #expect(page.body.contains(#"pool_circuit_open{pool="model"} 0"#))
                #expect(page.body.contains(#"http_requests_total{method="GET",route="/metrics",status="200"} 1"#))
            }
        }
    }

    @Test func `are a few figures for older scripts`() async throws {
        try await WebWorld.with { world in
            _ = try await world.submit("sourdough")
            try await world.test { browser in
                let answer = try await browser.send(.get, "/metrics", headers: [.accept: "application/json"])

                let names = ["blog_queue_size", "openai_rpm_usage", "openai_tpm_usage", "openai_queue_length"]
                #expect(Set(answer.json.keys) == Set(names))
                #expect(answer.json["blog_queue_size"] as? Int == 1)
            }
        }
    }

    @Test(arguments: ["/api/rate-limiter/stats", "/api/replicate-rate-limiter/stats"])
    func `of the limiters stand nested and flat`(_ path: String) async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                let answer = try await browser.send(.get, path)

                let nested = try #require(answer.json["rateLimiter"] as? [String: Any])
                for name in ["queueLength", "requestsInLastMinute", "maxRPM", "rpmUsagePercent", "tpmUsagePercent"] {
                    #expect(nested[name] != nil && answer.json[name] != nil, "\(name)")
                }
                #expect(nested["maxRPM"] as? Int == 450)
                #expect(answer.json["status"] as? String == "ok")
                #expect(answer.json["timestamp"] is String)
            }
        }
    }

    @Test func `of health say when`() async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                let answer = try await browser.send(.get, "/health")
                #expect(answer.json["status"] as? String == "ok")
                #expect((answer.json["timestamp"] as? String)?.hasSuffix("Z") == true)
            }
        }
    }

    @Test func `escape labels and count in buckets`() {
        let registry = PrometheusRegistry(secondsBounds: [0.1, 1])
        Counter(label: "http.requests", dimensions: [("path", "/a\"b\\c\nd")], factory: registry).increment(by: 3)
        Timer(label: "http.duration", dimensions: [], factory: registry).recordNanoseconds(500_000_000)

        #expect(
            registry.render() == """
                # HELP http_duration_seconds http_duration_seconds
                # TYPE http_duration_seconds histogram
                http_duration_seconds_bucket{le="0.1"} 0
                http_duration_seconds_bucket{le="1"} 1
                http_duration_seconds_bucket{le="+Inf"} 1
                http_duration_seconds_sum 0.5
                http_duration_seconds_count 1
                # HELP http_requests_total http_requests_total
                # TYPE http_requests_total counter
                http_requests_total{path="/a\\"b\\\\c\\nd"} 3

                """)
    }
}

/// The rules of the text format, as far as a page can break them.
enum PrometheusFormat {
    struct Broken: Error { let line: String }

    static func check(_ page: String) throws {
        guard page.hasSuffix("\n") else { throw Broken(line: "the page does not end with a line break") }
        var typed: Set<Substring> = []
        var closed: Set<Substring> = []
        var current: Substring = ""
        for line in page.split(separator: "\n") {
            if line.hasPrefix("# HELP ") { continue }
            if line.hasPrefix("# TYPE ") {
                let parts = line.split(separator: " ")
                guard parts.count == 4, ["counter", "gauge", "histogram"].contains(parts[3]),
                    typed.insert(parts[2]).inserted
                else { throw Broken(line: String(line)) }
                closed.insert(current)
                current = parts[2]
                continue
            }
            let sample =
                /([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\.)*"(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\.)*")*\})? (NaN|[+-]Inf|[-+0-9.eE]+)/
            guard let match = line.wholeMatch(of: sample), match.1.hasPrefix(current), !closed.contains(match.1) else {
                throw Broken(line: String(line))
            }
        }
    }
}
