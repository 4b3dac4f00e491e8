/// What a step's calls really cost, over what their plan says: a mean that forgets (EWMA).
///
/// The first samples count for more, and the plan's own word for as much as five of them: one odd answer must not
/// double the charge of every step that is placed next.
struct EstimateRatio: Sendable, Equatable {
    /// How much of the mean the newest sample makes up in the end.
    static let smoothing = 0.02
    static let priorSamples = 5.0
    /// One sample further off than this is taken for this.
    static let sampleRange = 0.1...10.0
    /// An estimate that is further off than this is wrong, and not to be learned around.
    static let range = 0.2...5.0

    private(set) var ratio = 1.0
    private(set) var samples = 0

    init() {}

    init(ratio: Double, samples: Int) {
        self.ratio = ratio
        self.samples = samples
    }

    mutating func learn(estimate: Double, actual: Double) {
        guard estimate > 0, actual > 0, estimate.isFinite, actual.isFinite else { return }
        let sample = (actual / estimate).clamped(to: Self.sampleRange)
        samples += 1
        let weight = max(Self.smoothing, 1 / (Double(samples) + Self.priorSamples))
        ratio = (ratio + weight * (sample - ratio)).clamped(to: Self.range)
    }
}

extension Comparable {
    func clamped(to range: ClosedRange<Self>) -> Self { min(max(self, range.lowerBound), range.upperBound) }
}
