import Simulation

/// What a load run has shown: the simulation's figures, as far as they can be seen from outside, and what only real
/// processes have.
struct LoadReport: Encodable, Sendable {
    /// Nil when nothing was written.
    let figures: SimulationReport?
    let submissions: Submissions
    /// The most that any process has had, in bytes; 0 where the system does not tell.
    let memoryPeakBytes: Int

    /// How the submissions of the start were answered.
    struct Submissions: Encodable, Sendable {
        let sent: Int
        let accepted: Int
        /// With 503.
        let refused: Int
        /// Generations that are stored and were submitted in this run, the late ones included.
        let stored: Int
        let seconds: Double
        let p50Milliseconds: Double
        let p99Milliseconds: Double

        private enum CodingKeys: String, CodingKey {
            case sent, accepted, refused, stored, seconds
            case p50Milliseconds = "p50_ms"
            case p99Milliseconds = "p99_ms"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case submissions
        case memoryPeakBytes = "memory_peak_bytes"
    }

    func encode(to encoder: any Encoder) throws {
        try figures?.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(submissions, forKey: .submissions)
        try members.encode(memoryPeakBytes, forKey: .memoryPeakBytes)
    }
}
