import ArgumentParser
import Benchmarks
import Foundation

extension Bench {
    struct Arena: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Store ten thousand people and what they did, and time what they read.",
            discussion: """
                Feed, profile, thread, notifications and trending, by the product's own code without its caches: by one \
                caller, then by eight. Each read is another reader's.
                """)
        @OptionGroup var options: BenchOptions
        @Option(help: "1 stores 10,000 people, 200,000 posts and a million events; 0.01 a hundredth of it.")
        var scale = 1.0
        @Option(help: "Reads of each kind, for each number of callers.") var reads = 1_000
        @Flag(help: "Measure what an earlier run has stored.") var stored = false

        func validate() throws {
            try BenchOptions.require((0.001...10).contains(scale), "--scale is from 0.001 to 10")
            try BenchOptions.require((10...4_000).contains(reads), "--reads is from 10 to 4000")
        }

        func run() async throws {
            let settings = ArenaBenchmark.Settings(size: ArenaSize(scale: scale), reads: reads, isStored: stored)
            let report = try await options.with(connections: 10) { bench, surroundings in
                try await ArenaBenchmark(bench, settings, surroundings).run { step in
                    FileHandle.standardError.write(Data("bench: \(step)\n".utf8))
                }
            }
            options.print(report)
        }
    }
}
