import Arena
import Database
import Engine

/// What Arena's readers wait for when much is stored: the product's own code, without its caches, on a warm database.
public struct ArenaBenchmark: Sendable {
    public struct Settings: Sendable {
        public let size: ArenaSize
        /// Of each kind, by one caller and again by eight; at most as many as there are people.
        public let reads: Int
        /// Measures what an earlier run has stored.
        public let isStored: Bool

        public init(size: ArenaSize, reads: Int, isStored: Bool) {
            self.size = size
            self.reads = reads
            self.isStored = isStored
        }
    }

    /// Milliseconds such as `feed_p95_ms`, with one caller, and `feed_8_p95_ms`, with eight; and what was stored.
    public typealias Report = [String: Double]

    static let callers = 8
    /// Reads of a kind before those that are measured.
    private static let warmUp = 50

    let bench: BenchDatabase
    let settings: Settings
    let surroundings: BenchSurroundings

    public init(_ bench: BenchDatabase, _ settings: Settings, _ surroundings: BenchSurroundings) {
        self.bench = bench
        self.settings = settings
        self.surroundings = surroundings
    }

    /// - Parameter progress: told what begins.
    public func run(progress: @Sendable (String) -> Void) async throws -> Report {
        if !settings.isStored {
            try await bench.setUp()
            let seed = ArenaSeed(
                database: bench.database, size: settings.size, now: surroundings.nanoseconds() / 1_000_000)
            let begin = surroundings.nanoseconds()
            try await seed.run(progress: progress)
            progress("stored in \(Int(surroundings.seconds(since: begin))) s")
        }
        let engine = try await bench.engine(random: surroundings.random, logger: surroundings.logger)
        let audience = try await ArenaAudience(of: bench.database)
        var report = try await stored()
        // Nobody reads a feed twice: the second would be the cache's.
        let reads = min(settings.reads, audience.members.count)
        for kind in ArenaRead.allCases {
            progress("\(reads) times \(kind.rawValue), by one and by \(Self.callers)")
            let reading = Reading(kind: kind, audience: audience)
            _ = try await measure(reading, from: 0, count: Self.warmUp, callers: Self.callers, engine)
            for callers in [1, Self.callers] {
                let times = try await measure(
                    reading, from: Self.warmUp * callers, count: reads, callers: callers, engine)
                let name = callers == 1 ? kind.rawValue : "\(kind.rawValue)_\(callers)"
                for (share, percent) in [(0.5, 50), (0.95, 95), (0.99, 99)] {
                    report["\(name)_p\(percent)_ms"] = times.percentile(share)
                }
            }
        }
        return report
    }

    private struct Reading: Sendable {
        let kind: ArenaRead
        let audience: ArenaAudience
    }

    /// Each time with an Arena of its own, whose caches are empty, and each read by another reader.
    private func measure(
        _ reading: Reading, from first: Int, count: Int, callers: Int, _ engine: Engine
    ) async throws -> Spread {
        let supplies = Supplies(
            settings: Arena.Settings(tokenSecret: Array(repeating: 7, count: 32)), random: surroundings.random)
        let arena = try await Arena(
            engine: engine, supplies: supplies, clock: surroundings.clock, logger: surroundings.logger)
        return try await withThrowingTaskGroup(of: [Double].self) { group in
            for caller in 0..<callers {
                group.addTask {
                    var times: [Double] = []
                    for number in stride(from: caller, to: count, by: callers) {
                        let begin = surroundings.nanoseconds()
                        try await reading.kind.perform(first + number, of: reading.audience, on: arena)
                        times.append(surroundings.seconds(since: begin) * 1000)
                    }
                    return times
                }
            }
            return Spread(try await group.reduce(into: []) { $0 += $1 })
        }
    }

    private func stored() async throws -> Report {
        let tables: [(String, SQL)] = [
            ("users", "users"), ("posts", "posts"), ("replies", "replies"), ("follows", "persona_follows"),
            ("notifications", "notifications"), ("battles", "battles"), ("events", "events"),
        ]
        return try await bench.database.read { transaction in
            try tables.reduce(into: [:]) { counts, table in
                counts[table.0] = Double(
                    try transaction.value("select count(*) from \(table.1)", as: Int.self) ?? 0)
            }
        }
    }
}
