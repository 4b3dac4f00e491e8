import ArgumentParser
import Benchmarks
import Foundation
import Logging
import Outbound

struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure the engine, and what Arena reads, on a database of your choice.",
        discussion: """
            On PostgreSQL it works in a schema of its own, pressroom_bench; for SQLite name a file that holds nothing \
            else. Without --database it takes DATABASE_URL from the environment, or the file data/bench.sqlite. Use a \
            release build: `make bench`.

            setup, work, produce and pending are the benchmark in parts, for a harness of your own.
            """,
        subcommands: [
            Run.self, Fairness.self, Cards.self, Arena.self, Setup.self, Work.self, Produce.self, Pending.self,
        ],
        defaultSubcommand: Run.self)

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Enqueue, drain, pickup, and the ceiling of a bare SQL loop, in one run.")
        @OptionGroup var options: BenchOptions
        @Option(help: "Jobs to enqueue in batches, and to claim and complete.") var jobs = 100_000
        @Option(help: "Workers; on SQLite always one.") var workers = 2
        @Option(help: "Tenants that share them.") var tenants = 1000
        @Option(help: "Jobs that one worker performs at once.") var concurrency = 1000
        @Option(help: "Seconds of the run at 200 jobs a second.") var steadySeconds = 10

        func validate() throws {
            try BenchOptions.require(
                jobs > 0 && workers > 0 && tenants > 0 && concurrency > 0 && steadySeconds > 0,
                "--jobs, --workers, --tenants, --concurrency and --steady-seconds count from 1")
        }

        func run() async throws {
            let report = try await options.with(connections: 8 + 4 * workers) { bench, surroundings in
                let settings = Benchmark.Settings(
                    jobs: jobs, workers: bench.isEmbedded ? 1 : workers, tenants: tenants, concurrency: concurrency,
                    steadySeconds: steadySeconds)
                return try await Benchmark(bench, settings, surroundings).run { step in
                    FileHandle.standardError.write(Data("bench: \(step)\n".utf8))
                }
            }
            options.print(report)
        }
    }

    struct Fairness: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One tenant queues very much, then 99 others one job each: how long do they wait?")
        @OptionGroup var options: BenchOptions
        @Option(help: "Jobs of the large tenant.") var jobs = 20_000
        @Option(help: "Milliseconds each job takes.") var work = 5
        @Option(help: "Workers; on SQLite always one.") var workers = 2
        @Option(help: "Jobs that one worker performs at once.") var concurrency = 8

        func validate() throws {
            try BenchOptions.require(
                jobs > 0 && work >= 0 && workers > 0 && concurrency > 0,
                "--jobs, --workers and --concurrency count from 1, --work from 0")
        }

        func run() async throws {
            let report = try await options.with(connections: 8 + 4 * workers) { bench, surroundings in
                let settings = FairnessBenchmark.Settings(
                    jobs: jobs, work: work, workers: bench.isEmbedded ? 1 : workers, concurrency: concurrency)
                return try await FairnessBenchmark(bench, settings, surroundings).run()
            }
            options.print(report)
        }
    }
}

/// What every benchmark takes.
struct BenchOptions: ParsableArguments {
    @OptionGroup var common: CommonOptions
    @Option(help: "The database: postgres://… or sqlite:PATH.") var database: String?

    /// Lends the database, with time and chance.
    func with<R: Sendable>(
        connections: Int, _ body: @escaping @Sendable (BenchDatabase, BenchSurroundings) async throws -> R
    ) async throws -> R {
        let chosen = database ?? Surroundings.environment["DATABASE_URL"] ?? "sqlite:data/bench.sqlite"
        let settings = try common.settings(["DATABASE_URL": chosen])
        let logger = Surroundings.logger(settings.logs, quiet: true)
        let surroundings = BenchSurroundings(
            clock: Surroundings.clock, nanoseconds: Surroundings.nanoseconds, random: Surroundings.random,
            logger: logger)
        return try await BenchDatabase.with(
            Self.address(settings.storage.database), connections: connections, milliseconds: Surroundings.milliseconds
        ) { bench in
            try await body(bench, surroundings)
        }
    }

    private static func address(_ database: DatabaseAddress) throws -> BenchDatabase.Address {
        switch database {
        case .postgres(let url, _): return .postgres(url: url.exposed)
        case .sqlite(let path):
            let folder = URL(filePath: path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            return .sqlite(path: path)
        }
    }

    static func require(_ condition: Bool, _ message: String) throws {
        guard condition else { throw ValidationError(message) }
    }

    /// One line of JSON, or a line for each figure.
    func print(_ report: some Encodable) { Self.print(report, asJSON: common.json) }

    static func print(_ report: some Encodable, asJSON isJSON: Bool) {
        guard !isJSON else { return JSONReport.print(report, isOneLine: true) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        do {
            let lines = String(decoding: try encoder.encode(report), as: UTF8.self).split(separator: "\n")
            let pairs = lines.compactMap { line -> [String]? in
                let parts = line.split(separator: "\"", maxSplits: 2)
                guard parts.count == 3 else { return nil }
                return [String(parts[1]), parts[2].filter { $0 != ":" && $0 != "," && $0 != " " }]
            }
            TextReport.print(TextReport.table(pairs))
        } catch {
            preconditionFailure("a report of numbers cannot be encoded: \(error)")
        }
    }
}
