/// Exponential backoff with jitter: a share by chance of a bound that doubles, so that workers which failed together part
/// ways.
///
/// By default the jitter is full, a delay between nothing and the bound ("Exponential Backoff And Jitter", AWS
/// Architecture Blog, 2015); a narrower `spread` keeps closer to the bound.
public struct Backoff: Sendable {
    public var first: Duration
    public var longest: Duration
    /// The shares of the bound between which chance decides; not negative.
    public var spread: ClosedRange<Double>
    public init(
        first: Duration = .seconds(2), longest: Duration = .seconds(600), spread: ClosedRange<Double> = 0...1
    ) {
        self.first = first
        self.longest = longest
        self.spread = spread
    }

    /// - Parameter attempt: how many attempts have failed, counting from one.
    public func delay(attempt: Int, random: RandomSource) -> Duration {
        precondition(attempt >= 1, "attempts count from one")
        let bound = min(first * (1 << min(attempt - 1, 20)), longest)
        return bound * (spread.lowerBound + (spread.upperBound - spread.lowerBound) * random.unit())
    }
}
