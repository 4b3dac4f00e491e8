/// Decides when steps may start, for requests and cost at once: the generic cell rate algorithm (ITU-T I.371), paced.
///
/// In any window of length W that the permits cover, the cost started is at most rate · W + max(burst, largest step);
/// the number of workers does not appear. Times stay exact: a start rounded up into the arrival time would cap any pool
/// at one start a millisecond.
struct Permits: Sendable, Equatable {
    /// One limit: how fast it refills, how much may start at one instant, and when it will next be level.
    struct Dimension: Sendable, Equatable {
        var rate: Double
        let burst: Double
        var arrival: Double

        init?(rate: Double?, burst: Double?, arrival: Double) {
            guard let rate, let burst else { return nil }
            self.rate = rate
            self.burst = burst
            self.arrival = arrival
        }

        /// When this much could start; may lie in the past.
        ///
        /// Not from now on but from the arrival time: an idle pool saves up for a step larger than its burst. Counted
        /// from now, such a step would stay as far ahead for ever, and everything behind it.
        func earliest(_ amount: Double) -> Double { arrival + (amount - burst) / rate }

        /// A step larger than the burst is charged from before its start; charging it from its start would lose
        /// capacity.
        mutating func take(_ amount: Double, at start: Double) {
            arrival = max(arrival, start - max(0, amount - burst) / rate) + amount / rate
        }
    }

    var requests: Dimension?
    var cost: Dimension?
    var pauseUntil: Double

    /// When a step of this cost could start, at `now` or later.
    func start(costing amount: Double, at now: Double) -> Double {
        var start = max(now, pauseUntil)
        if let requests { start = max(start, requests.earliest(1)) }
        if let cost { start = max(start, cost.earliest(amount)) }
        return start
    }

    mutating func take(costing amount: Double, at start: Double) {
        requests?.take(1, at: start)
        cost?.take(amount, at: start)
    }

    /// Corrects the charge once the actual cost is known. However much comes back, no more than a burst starts at once.
    mutating func settle(_ difference: Double) {
        guard let rate = cost?.rate else { return }
        cost?.arrival += difference / rate
    }

    /// The least time at which anything at all could start; a look at time alone, because relief for the concurrency
    /// cap lies in deltas that are not folded yet.
    func earliest() -> Double {
        var earliest = pauseUntil
        if let requests { earliest = max(earliest, requests.earliest(1)) }
        if let cost { earliest = max(earliest, cost.earliest(0)) }
        return earliest
    }
}
