import Engine

extension PoolStatus {
    /// Why it grants less than it might, in a few words; `open` when nothing holds it back.
    var stateText: String {
        if isHeld { return "paused" }
        if let stop { return stop.kind == .day ? "stopped for the day: \(stop.cause)" : "stopped: \(stop.cause)" }
        if circuit != .closed { return "the provider is away" }
        if let pausedFor { return "paused by the provider for \(Int(pausedFor / .seconds(1))) s" }
        if (learned.costPerMinuteTold ?? .infinity) < learned.costPerMinuteConfigured ?? 0 {
            return "limited by the provider"
        }
        return learned.pace < 1 ? "slowed to \(Int(learned.pace * 100)) %" : "open"
    }

    /// Until all that stands in line now has begun, at the present limits; nil where nothing limits it.
    var drainsIn: Duration? {
        let waits = [
            requestsPerMinuteMax.map { Double(queueLength) / $0 }, costPerMinuteMax.map { queueCost / $0 },
        ].compactMap(\.self)
        guard let longest = waits.max() else { return nil }
        return .seconds(longest * 60 / max(0.01, learned.pace))
    }
}
