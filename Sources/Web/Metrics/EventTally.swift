import CoreMetrics
import Engine

/// Counts what has happened to jobs since this server began, from the events; brought up to date when asked.
///
/// The events are the whole cluster's, so several servers count the same jobs: take the maximum over them, not the sum.
actor EventTally {
    private let engine: Engine
    private let factory: any MetricsFactory
    private var cursor: EventCursor?
    private var isReading = false

    init(engine: Engine, factory: any MetricsFactory) {
        self.engine = engine
        self.factory = factory
        // A rate needs the zero before the first one.
        for outcome in ["succeeded", "failed", "cancelled"] { Self.processed(outcome, factory).increment(by: 0) }
        for cause in ["retry", "refused", "rescued"] { Self.retries(cause, factory).increment(by: 0) }
    }

    /// Reads on from where it stopped; at most 20,000 events a call, the rest comes with the next.
    ///
    /// Called again while it reads, it returns at once: two readers would count the same events twice.
    func update() async throws {
        guard !isReading else { return }
        isReading = true
        defer { isReading = false }
        guard var cursor else {
            var first = EventCursor(after: try await engine.latestEventID())
            first.skip(try await engine.eventsOfAllTenants(after: first.start, limit: 1_000))
            cursor = first
            return
        }
        for _ in 0..<20 {
            let events = try await engine.eventsOfAllTenants(after: cursor.start, limit: 1_000)
            for event in cursor.admit(events) { count(event) }
            self.cursor = cursor
            if events.count < 1_000 { return }
        }
    }

    private func count(_ event: JobEvent) {
        switch event.kind {
        case .succeeded, .failed, .cancelled: Self.processed(event.kind?.rawValue ?? "", factory).increment()
        case .retrying: Self.retries("retry", factory).increment()
        case .refused: Self.retries("refused", factory).increment()
        case .rescued: Self.retries("rescued", factory).increment()
        default: break
        }
    }

    private static func processed(_ outcome: String, _ factory: any MetricsFactory) -> Counter {
        Counter(label: "jobs_processed_total", dimensions: [("outcome", outcome)], factory: factory)
    }

    private static func retries(_ cause: String, _ factory: any MetricsFactory) -> Counter {
        Counter(label: "job_retries_total", dimensions: [("cause", cause)], factory: factory)
    }
}
