import ArgumentParser
import Benchmarks

extension Bench {
    struct Cards: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Draw share cards: processor time of a new one, time of one that is kept.")
        @OptionGroup var common: CommonOptions
        @Option(help: "How often each of the four examples is drawn anew.") var rounds = 20
        @Option(help: "A folder for the examples, as PNG files.") var out: String?

        func validate() throws { try BenchOptions.require((1...200).contains(rounds), "--rounds is from 1 to 200") }

        func run() async throws {
            let settings = try common.settings([:])
            let surroundings = BenchSurroundings(
                clock: Surroundings.clock, nanoseconds: Surroundings.nanoseconds, random: Surroundings.random,
                logger: Surroundings.logger(settings.logs, quiet: true))
            let report = try await CardsBenchmark(surroundings, rounds: rounds).run(writingTo: out)
            BenchOptions.print(report, asJSON: common.json)
        }
    }
}
