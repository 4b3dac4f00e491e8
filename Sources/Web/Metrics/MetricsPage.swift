import CoreMetrics
import Database
import Engine
import Hummingbird

/// `GET /metrics`: Prometheus text; with `Accept: application/json` the few figures that older scripts read.
struct MetricsPage: Readable {
    static let path = "/metrics"
    let registry: PrometheusRegistry
    let readings: EngineReadings
    let tally: EventTally
    let feed: EventFeed
    let pools: ProviderPools
    /// Nil where the database has no connections to share.
    let database: (any PooledDatabase)?
    /// Days that the language models in use will still be there, by name, as far as that is known.
    let modelDaysLeft: @Sendable () -> [String: Int]
    private var connections: PoolStatistics? { database?.statistics }

    static let help = [
        "queue_depth": "Jobs that have not begun, by kind of job.",
        "queue_depth_max": "Jobs that may wait to begin before new ones are refused.",
        "queue_wait_seconds": "Expected time until everything that waits now has begun.",
        "queue_longest_wait_seconds": "How long whoever is next in a lane has been there, where that is longest.",
        "database_connections": "This server's connections to its database, and callers that wait for one.",
        "database_connections_max": "Connections that this server may open.",
        "jobs_processed_total": "Jobs that have ended since this server began, in the whole cluster.",
        "job_retries_total": "Attempts that came to nothing since this server began, in the whole cluster.",
        "pool_queue_length": "Steps that stand in line for a pool.",
        "pool_running": "Calls that are being made.",
        "pool_requests_last_minute": "Calls begun in the last minute.",
        "pool_requests_per_minute_max": "Calls a minute that the provider grants.",
        "pool_cost_last_minute": "Cost, such as tokens, of the calls of the last minute.",
        "pool_cost_per_minute_max": "Cost a minute that the provider grants.",
        "pool_paused_seconds": "What is left of a pause that the provider asked for, or until it is tried again.",
        "pool_circuit_open": "1 while the provider is away or being tried, so that its circuit is not closed.",
        "pool_held": "1 while people have paused the pool.",
        "pool_stopped": "1 while its provider refuses every call, for the day or until the pool is resumed.",
        "pool_pace":
            "The part of its limits that a pool uses: 1, unless the provider keeps refusing calls within them.",
        "model_days_left":
            "Days until a language model that is used ends, where its provider says so; 0 for one that is gone.",
        "jobs_waiting": "Jobs that have not ended and do not run, by what they wait for.",
        "live_streams": "Open streams of server-sent events on this server.",
        "rate_limit_events_total": "Requests that a limit refused, by route and limit.",
        "http_requests_total": "Requests answered, by route, method and status.",
        "http_request_duration_seconds": "Time to the first byte of an answer.",
    ]

    func get(_ call: Call) async throws -> Response {
        let reading = try await readings.latest()
        if call.request.asksForJSON { return try .json(json(reading)) }
        try await tally.update()
        set("queue_depth", [("type", "blog_generation")], Double(reading.admission.queueSize))
        set("queue_depth_max", [], Double(reading.admission.limit))
        set("queue_wait_seconds", [], reading.admission.estimatedWait / .seconds(1))
        set("queue_longest_wait_seconds", [], (reading.longestWait ?? .zero) / .seconds(1))
        if let connections { set(connections) }
        set("live_streams", [], Double(feed.listenerCount))
        for pool in reading.pools { set(pool) }
        for (model, days) in modelDaysLeft() { set("model_days_left", [("model", model)], Double(days)) }
        for reason in WaitingReason.allCases {
            set("jobs_waiting", [("reason", reason.rawValue)], Double(reading.waiting[reason] ?? 0))
        }
        return .text(registry.render(), type: "text/plain; version=0.0.4; charset=utf-8")
    }

    private func set(_ connections: PoolStatistics) {
        for (state, count) in [
            ("open", connections.open), ("idle", connections.idle), ("waiting", connections.waiting),
        ] { set("database_connections", [("state", state)], Double(count)) }
        set("database_connections_max", [], Double(connections.max))
    }

    private func set(_ pool: PoolStatus) {
        let label = [("pool", pool.name.rawValue)]
        set("pool_queue_length", label, Double(pool.queueLength))
        set("pool_running", label, Double(pool.running))
        set("pool_requests_last_minute", label, Double(pool.requestsInLastMinute))
        set("pool_cost_last_minute", label, pool.costInLastMinute)
        if let most = pool.requestsPerMinuteMax { set("pool_requests_per_minute_max", label, most) }
        if let most = pool.costPerMinuteMax { set("pool_cost_per_minute_max", label, most) }
        set("pool_paused_seconds", label, (pool.pausedFor ?? .zero) / .seconds(1))
        set("pool_circuit_open", label, pool.circuit == .closed ? 0 : 1)
        set("pool_held", label, pool.isHeld ? 1 : 0)
        set("pool_stopped", label, pool.stop == nil ? 0 : 1)
        set("pool_pace", label, pool.learned.pace)
    }

    private func set(_ name: String, _ labels: [(String, String)], _ value: Double) {
        Meter(label: name, dimensions: labels, factory: registry).set(value)
    }

    private func json(_ reading: EngineReadings.Reading) -> JSONValue {
        let model = reading.pool(pools.model)
        return [
            "blog_queue_size": .count(reading.admission.queueSize),
            "openai_rpm_usage": .count(model?.requestsInLastMinute ?? 0),
            "openai_tpm_usage": .rounded(model?.costInLastMinute ?? 0),
            "openai_queue_length": .count(model?.queueLength ?? 0),
        ]
    }
}
