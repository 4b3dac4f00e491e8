/// How a provider keeps its limits per minute. All of them are met in real life; the first is the usual one.
package enum Enforcement: String, Sendable, Codable, CaseIterable {
    /// A bucket of one minute's worth that refills continuously.
    case continuousMinute
    /// No more than the limit in any sixty seconds, by a log of what was admitted.
    case strictLog
    /// A bucket of ten seconds' worth.
    case tenSecond
    /// A bucket of one second's worth.
    case oneSecond
}
