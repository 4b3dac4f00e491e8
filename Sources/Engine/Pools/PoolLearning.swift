/// What a pool has learned of its provider, for people to see.
public struct PoolLearning: Sendable, Equatable {
    /// What calls really cost, over what their plan says.
    public struct Estimate: Sendable, Equatable {
        public let kind: String
        public let step: String
        /// Empty where the workflow does not say.
        public let model: String
        public let ratio: Double
        public let samples: Int
    }

    /// As operators set them; what counts is in ``PoolStatus``.
    public let requestsPerMinuteConfigured: Double?
    public let costPerMinuteConfigured: Double?
    /// As the provider last told; nil when it tells nothing.
    public let requestsPerMinuteTold: Double?
    public let costPerMinuteTold: Double?
    /// The part of the limits that is used: 1, unless the provider keeps refusing calls within them.
    public let pace: Double
    public let estimates: [Estimate]

    init(_ definition: PoolDefinition, _ state: PoolState?, estimates: [PoolReport.Subject: EstimateRatio]) {
        requestsPerMinuteConfigured = definition.requestsPerMinute
        costPerMinuteConfigured = definition.costPerMinute
        requestsPerMinuteTold = state?.learned.requestLimit.rate.map { ($0 * 60_000).rounded() }
        costPerMinuteTold = state?.learned.costLimit.rate.map { ($0 * 60_000).rounded() }
        pace = state?.learned.pace.factor ?? 1
        self.estimates = estimates.sorted { $0.key < $1.key }.map { subject, ratio in
            Estimate(
                kind: subject.kind, step: subject.step, model: subject.model, ratio: ratio.ratio,
                samples: ratio.samples)
        }
    }
}
