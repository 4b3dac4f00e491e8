import Cards
import Foundation

/// Share cards measured: processor time of a new one, time of one that is kept.
public struct CardsBenchmark: Sendable {
    public struct Report: Encodable, Sendable {
        /// Processor milliseconds of a card that had to be drawn, mean of all and of the dearest of the examples.
        public let new_cpu_ms: Double
        public let new_cpu_worst_ms: Double
        /// The very first one of a process, which reads the fonts.
        public let first_cpu_ms: Double
        /// Milliseconds from request to bytes of a card that was kept.
        public let kept_p50_ms: Double
        public let kept_p99_ms: Double
        public let largest_kilobytes: Int
    }
    private let surroundings: BenchSurroundings
    private let rounds: Int

    /// - Parameter rounds: how often each example is drawn anew; at least 1.
    public init(_ surroundings: BenchSurroundings, rounds: Int) {
        self.surroundings = surroundings
        self.rounds = rounds
    }

    /// - Parameter folder: the examples are written there as PNG files; nil writes none.
    public func run(writingTo folder: String?) async throws -> Report {
        let pictures = CardPictures()
        let first = try await cpu { _ = try await pictures.picture(of: BattleCard.examples[0].card) }
        var means: [Double] = []
        var kept: [Double] = []
        var largest = 0
        for (name, card) in BattleCard.examples {
            let seconds = try await cpu {
                for round in 1...rounds { _ = try await pictures.picture(of: card.numbered(round)) }
            }
            means.append(seconds / Double(rounds))
            let picture = try await pictures.picture(of: card)
            for _ in 0..<1000 {
                let start = surroundings.nanoseconds()
                _ = try await pictures.picture(of: card)
                kept.append(surroundings.seconds(since: start) * 1000)
            }
            largest = max(largest, picture.png.count)
            guard let folder else { continue }
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(picture.png).write(to: URL(filePath: folder).appending(path: "\(name).png"))
        }
        let spread = Spread(kept)
        return Report(
            new_cpu_ms: means.reduce(0, +) / Double(means.count) * 1000, new_cpu_worst_ms: (means.max() ?? 0) * 1000,
            first_cpu_ms: first * 1000, kept_p50_ms: spread.percentile(0.5) ?? 0,
            kept_p99_ms: spread.percentile(0.99) ?? 0, largest_kilobytes: largest / 1024)
    }

    /// Processor seconds of this process meanwhile.
    private func cpu(_ body: () async throws -> Void) async throws -> Double {
        let before = CPUTime.own()
        try await body()
        return CPUTime.own() - before
    }
}

extension BattleCard {
    /// The same card with another address, so that it has to be drawn anew.
    fileprivate func numbered(_ number: Int) -> BattleCard {
        BattleCard(
            topic: topic, room: room, pro: pro, con: con, outcome: outcome, language: language,
            address: "press.example/b/\(number)")
    }
}
