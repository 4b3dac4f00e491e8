public import Engine
public import Logging

/// Time and chance for a benchmark.
public struct BenchSurroundings: Sendable {
    public var clock: any Clock<Duration>
    /// Nanoseconds since 1970.
    public var nanoseconds: @Sendable () -> Int64
    public var random: RandomSource
    public var logger: Logger

    public init(
        clock: any Clock<Duration>, nanoseconds: @escaping @Sendable () -> Int64, random: RandomSource, logger: Logger
    ) {
        self.clock = clock
        self.nanoseconds = nanoseconds
        self.random = random
        self.logger = logger
    }

    func seconds(since start: Int64) -> Double { Double(nanoseconds() - start) / 1e9 }
}
