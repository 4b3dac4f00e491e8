/// Exponential backoff with full jitter: a delay between nothing and the bound, so that workers which failed together
/// part ways ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
public struct Backoff: Sendable {
    public var first: Duration
    public var longest: Duration
    public init(first: Duration = .seconds(2), longest: Duration = .seconds(600)) {
        self.first = first
        self.longest = longest
    }

    /// - Parameter attempt: how many attempts have failed, counting from one.
    public func delay(attempt: Int, random: RandomSource) -> Duration {
        precondition(attempt >= 1, "attempts count from one")
        let bound = min(first * (1 << min(attempt - 1, 20)), longest)
        return bound * random.unit()
    }
}
