import Synchronization

/// Chance as an argument: seeded in simulation and tests, the system's in production.
public final class RandomSource: Sendable {
    private let generator: Mutex<any RandomNumberGenerator & Sendable>

    public init(_ generator: any RandomNumberGenerator & Sendable) { self.generator = Mutex(generator) }

    /// Evenly in 0..<1.
    public func unit() -> Double { Double(bits() >> 11) * 0x1p-53 }

    /// 0.8 … 1.2 of a pause, so that workers do not march in step.
    public func jittered(_ pause: Duration) -> Duration { pause * (0.8 + 0.4 * unit()) }

    public func bits() -> UInt64 { generator.withLock { $0.next() } }
}
