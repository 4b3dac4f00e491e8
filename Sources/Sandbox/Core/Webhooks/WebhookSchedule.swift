/// A report to a caller's webhook that is due at some time.
package struct WebhookDelivery: Sendable, Equatable {
    /// The same for every attempt and every duplicate.
    package let id: String
    package let prediction: String
    package let url: String
    package let event: PredictionWebhook.Event
    /// Counts from one.
    package var attempt = 1
    package var due: Duration
    /// Deliver it once more after it has arrived.
    package var isDuplicated: Bool
}

/// Reports that wait for their time.
package struct WebhookSchedule: Sendable {
    /// Sandbox time before the second, third and fourth attempt.
    private static let retries: [Duration] = [.seconds(1), .seconds(5), .seconds(25)]

    // Sorted, the latest first, so that the next one is taken from the end.
    private var deliveries: [WebhookDelivery] = []

    package var next: Duration? { deliveries.last?.due }

    package mutating func add(_ delivery: WebhookDelivery) {
        let index = deliveries.lastIndex { $0.due > delivery.due }.map { $0 + 1 } ?? 0
        deliveries.insert(delivery, at: index)
    }

    package mutating func takeDue(at now: Duration) -> [WebhookDelivery] {
        var due: [WebhookDelivery] = []
        while let last = deliveries.last, last.due <= now { due.append(deliveries.removeLast()) }
        return due
    }

    /// Moves the end of a prediction to an earlier time and forgets what was to come before it.
    package mutating func bringForward(_ prediction: String, to now: Duration) {
        let affected = deliveries.filter { $0.prediction == prediction && $0.due > now }
        deliveries.removeAll { $0.prediction == prediction && $0.due > now }
        for var delivery in affected where delivery.event == .completed && delivery.attempt == 1 {
            delivery.due = now
            add(delivery)
        }
    }

    /// Plans what follows an attempt: a retry after a failure, a duplicate after a success, or nothing.
    /// - Returns: whether the report has been given up.
    package mutating func ended(_ delivery: WebhookDelivery, delivered: Bool, at now: Duration) -> Bool {
        var again = delivery
        if delivered {
            guard delivery.isDuplicated else { return false }
            again.isDuplicated = false
            again.due = now + .milliseconds(500)
        } else {
            guard delivery.attempt <= Self.retries.count else { return true }
            again.attempt += 1
            again.due = now + Self.retries[delivery.attempt - 1]
        }
        add(again)
        return false
    }
}
