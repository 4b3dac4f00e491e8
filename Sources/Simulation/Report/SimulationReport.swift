/// The figures of one run, with the names by which scripts read them.
package struct SimulationReport: Sendable, Encodable {
    package var blogs: Int
    package var done: Int
    package var failed: Int
    /// From the first submission until the last blog of the start is done; the late singles are not counted.
    package var makespanSeconds: Double
    /// The least time that the limits allow, whatever the order.
    package var boundSeconds: Double
    package var ratio: Double
    /// Of the binding limit, over the makespan.
    package var quotaUse: Double
    package var refusals: Int
    /// The most that started in any sixty seconds, as a share of the limit on tokens or requests.
    package var worstWindow: Double
    package var jain25: Double
    package var jain50: Double
    package var smallP50Seconds: Double
    package var smallP95Seconds: Double
    package var smallP99Seconds: Double
    package var lateSlowdownMean: Double
    package var lateSlowdownMax: Double
    package var ideaWaitP99Seconds: Double
    /// Of the makespan.
    package var etaErrorMedian: Double
    package var etaErrorP95: Double
    package var workInProgressMax: Int
    package var wallSeconds: Double
    /// Nil, and left out of the JSON, for what real processes did.
    package var historyHash: String?

    private enum CodingKeys: String, CodingKey {
        case blogs, done, failed, ratio, refusals
        case makespanSeconds = "makespan_seconds"
        case boundSeconds = "bound_seconds"
        case quotaUse = "quota_use"
        case worstWindow = "worst_window"
        case jain25 = "jain_25"
        case jain50 = "jain_50"
        case smallP50Seconds = "small_p50_seconds"
        case smallP95Seconds = "small_p95_seconds"
        case smallP99Seconds = "small_p99_seconds"
        case lateSlowdownMean = "late_slowdown_mean"
        case lateSlowdownMax = "late_slowdown_max"
        case ideaWaitP99Seconds = "idea_wait_p99_seconds"
        case etaErrorMedian = "eta_error_median"
        case etaErrorP95 = "eta_error_p95"
        case workInProgressMax = "work_in_progress_max"
        case wallSeconds = "wall_seconds"
        case historyHash = "history_hash"
    }
}

/// A percentile as it is usually told: the smallest value that this share does not exceed.
package enum Percentile {
    package static func of(_ values: [Double], _ share: Double) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        return sorted[min(sorted.count - 1, max(0, Int((share * Double(sorted.count)).rounded(.up)) - 1))]
    }
}
