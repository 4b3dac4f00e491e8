import Synchronization

/// How long answers have turned out, so that the limit of the next one stays near the need: providers charge the whole
/// limit when they admit a call.
///
/// A limit is the 99th percentile of the last answers' shares of what was planned for them, and a quarter more. Before
/// there are enough of them, and after an answer was cut off, it is what was planned. In the memory of one process.
final class MeasuredOutput: Sendable {
    /// Whose answers are alike.
    struct Subject: Hashable {
        let question: String
        let model: String
    }

    /// Answers that are looked back on.
    static let samplesMax = 200
    /// Fewer than this say nothing of a percentile.
    static let samplesMin = 50
    static let margin = 1.25
    /// No limit is lower, in tokens: providers refuse smaller ones.
    static let leastLimit = 64

    private struct Shares {
        /// What answers used of their plan; the oldest is overwritten.
        var recent: [Double] = []
        var oldest = 0

        mutating func add(_ share: Double) {
            if recent.count < samplesMax { return recent.append(share) }
            recent[oldest] = share
            oldest = (oldest + 1) % samplesMax
        }

        /// Nil while there are too few.
        var high: Double? {
            guard recent.count >= samplesMin else { return nil }
            return recent.sorted()[(recent.count * 99 - 1) / 100]
        }
    }

    private let shares = Mutex<[Subject: Shares]>([:])

    /// - Parameter planned: the limit that was planned for, in tokens; never exceeded.
    func limit(of subject: Subject, atMost planned: Int) -> Int {
        guard let high = shares.withLock({ $0[subject]?.high }) else { return planned }
        return min(planned, max(Self.leastLimit, Int((Double(planned) * high * Self.margin).rounded(.up))))
    }

    /// - Parameter tokens: of the answer itself: thoughts have room of their own beside the limit.
    func note(_ tokens: Int, of subject: Subject, planned: Int) {
        guard planned > 0 else { return }
        shares.withLock { $0[subject, default: Shares()].add(Double(tokens) / Double(planned)) }
    }

    /// An answer did not fit: what was learned of the subject is forgotten.
    func noteCutOff(of subject: Subject) { shares.withLock { $0[subject] = nil } }
}
