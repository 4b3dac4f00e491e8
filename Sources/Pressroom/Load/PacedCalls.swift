import Outbound
import Simulation

/// Sends so many calls a second, whatever becomes of them, and notes how each was answered.
struct PacedCalls: Sendable {
    let rate: Double
    let count: Int

    /// More are not under way at once. Who waits for a place is late, and that counts as time of its answer.
    private static let atOnceMax = 1_000

    /// - Parameter send: makes the call with this number, from 0, and returns the answer's status; what it throws is a call
    ///   without an answer.
    func run(_ send: @escaping @Sendable (Int) async throws -> Int) async throws -> CallFigures {
        let begin = Surroundings.clock.now
        let calls = try await (0..<count).concurrentMap(atOnce: Self.atOnceMax) { number in
            let due = begin + .seconds(Double(number) / rate)
            try await Surroundings.clock.sleep(until: due)
            var status: Int?
            do { status = try await send(number) } catch is OutboundError {}  // Nil says it.
            return CallFigures.Call(status: status, milliseconds: (Surroundings.clock.now - due) / .milliseconds(1))
        }
        return CallFigures(calls, seconds: (Surroundings.clock.now - begin) / .seconds(1))
    }
}

/// How calls were answered.
struct CallFigures: Encodable, Sendable {
    struct Call: Sendable {
        /// Nil without an answer.
        let status: Int?
        /// From when it was due.
        let milliseconds: Double
    }

    let requests: Int
    /// By status; `none` for those without an answer.
    let answers: [String: Int]
    let seconds: Double
    let p50Milliseconds: Double
    let p95Milliseconds: Double
    let p99Milliseconds: Double

    private enum CodingKeys: String, CodingKey {
        case requests, answers, seconds
        case p50Milliseconds = "p50_ms"
        case p95Milliseconds = "p95_ms"
        case p99Milliseconds = "p99_ms"
    }

    init(_ calls: [Call], seconds: Double) {
        let times = calls.map(\.milliseconds)
        requests = calls.count
        answers = Dictionary(grouping: calls, by: \.status).reduce(into: [:]) { counts, group in
            counts[group.key.map(String.init) ?? "none"] = group.value.count
        }
        self.seconds = seconds
        p50Milliseconds = Percentile.of(times, 0.5)
        p95Milliseconds = Percentile.of(times, 0.95)
        p99Milliseconds = Percentile.of(times, 0.99)
    }

    func answered(_ status: Int) -> Int { answers["\(status)"] ?? 0 }
}
