/// A bucket that holds some seconds' worth of a limit per minute and refills continuously.
///
/// An amount larger than the bucket, but not than a minute's worth, is admitted when the bucket is full and leaves it
/// in debt: a one-second bucket would otherwise never let an ordinary article through.
///
/// - Invariant: in any span of W seconds at most `perMinute × W / 60` plus the larger of the bucket and the largest
///   single amount is admitted.
package struct TokenBucket: Sendable {
    /// Keeps the exact arithmetic below within 64 bits.
    package static let perMinuteMax = 50_000_000
    private static let minute = 60_000_000_000

    package let perMinute: Int
    // Amounts are counted in units of 1/60,000,000,000: what one per minute refills in a nanosecond. So nothing is
    // ever rounded, and a thousand small refills equal one large one.
    private let capacity: Int
    private var spent = 0
    private var updated: Duration = .zero

    package init(perMinute: Int, secondsHeld: Int) {
        precondition((1...Self.perMinuteMax).contains(perMinute), "limit per minute is out of bounds")
        self.perMinute = perMinute
        capacity = perMinute * secondsHeld * 1_000_000_000
    }

    package var used: Int { (spent + Self.minute - 1) / Self.minute }
    package var reset: Duration { .nanoseconds((spent + perMinute - 1) / perMinute) }

    package mutating func advance(to now: Duration) {
        guard now > updated else { return }
        // Beyond two minutes even a debt of a whole minute's worth is paid.
        let elapsed = min(now - updated, .seconds(120)).inNanoseconds
        spent -= min(spent, elapsed * perMinute)
        updated = now
    }

    package func wait(for amount: Int) -> Duration? {
        guard amount <= perMinute else { return nil }
        let missing = min(amount * Self.minute, capacity) + spent - capacity
        return missing <= 0 ? .zero : .nanoseconds((missing + perMinute - 1) / perMinute)
    }

    package mutating func spend(_ amount: Int) { spent += amount * Self.minute }
}
