import ArgumentParser
import Benchmarks
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// The benchmark in parts, for measuring from outside.
extension Bench {
    struct Setup: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Empty the benchmark's tables, or make them.")
        @OptionGroup var options: BenchOptions

        func run() async throws {
            try await options.with(connections: 2) { bench, _ in try await bench.setUp() }
        }
    }

    struct Work: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run one worker that notes each start, until SIGTERM.",
            discussion: """
                Appends `start_ns t i k w` for each job to rec.PID in the folder: when it started, and what it carries. \
                Nanoseconds are the wall clock's.
                """)
        @OptionGroup var options: BenchOptions
        @Option(help: "Jobs at once.") var concurrency = 1000
        @Option(help: "The folder for rec.PID.") var out: String

        func validate() throws { try BenchOptions.require(concurrency > 0, "--concurrency counts from 1") }

        func run() async throws {
            try await options.with(connections: 8) { bench, surroundings in
                let worker = try await RecordingWorker(
                    bench, surroundings, concurrency: concurrency, folder: out,
                    process: ProcessInfo.processInfo.processIdentifier)
                try await ServiceGroup(
                    configuration: ServiceGroupConfiguration(
                        services: [
                            .init(
                                service: RecordingService(worker: worker),
                                successTerminationBehavior: .gracefullyShutdownGroup)
                        ], gracefulShutdownSignals: [.sigterm, .sigint], logger: surroundings.logger)
                ).run()
            }
        }
    }

    struct Produce: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Enqueue jobs in one of several ways and say how long it took.",
            discussion: """
                First one job for the tenant `warm`, numbered -1; then, by --mode: seq, one after the other; conc, on \
                --conc connections; batch, a thousand in a transaction; paced, at --rate jobs a second, each carrying \
                the time at which it was due; pickup, one and a pause in which the worker falls idle; tenants, one job \
                for each of t0 to t98. Prints {"n", "seconds", "t0"}.
                """)
        @OptionGroup var options: BenchOptions
        @Option(help: "\(BenchProducer.Mode.allCases.map(\.rawValue).joined(separator: ", ")).") var mode: String
        @Option(name: .customLong("n"), help: "How many.") var count = 1000
        @Option(name: .customLong("i0"), help: "The number of the first.") var first = 0
        @Option(help: "Connections, for conc.") var conc = 8
        @Option(help: "Jobs a second, for paced.") var rate = 200.0
        @Option(help: "The tenant.") var tenant = "t0"
        @Option(help: "Milliseconds that each job sleeps.") var work = 0

        func validate() throws {
            try BenchOptions.require(
                count > 0 && conc > 0 && rate > 0 && work >= 0, "--n, --conc and --rate are positive, --work at least 0"
            )
            try BenchOptions.require(
                !tenant.isEmpty && !tenant.contains(where: \.isWhitespace), "--tenant is a name without blanks")
            try BenchOptions.require(
                BenchProducer.Mode(rawValue: mode) != nil,
                "--mode is one of \(BenchProducer.Mode.allCases.map(\.rawValue).joined(separator: ", "))")
        }

        func run() async throws {
            guard let mode = BenchProducer.Mode(rawValue: mode) else { return }
            let connections = mode == .conc ? conc : 1
            let report = try await options.with(connections: connections) { bench, surroundings in
                try await BenchProducer(bench, surroundings).run(
                    mode, count: count, first: first, connections: conc, rate: rate, tenant: tenant, work: work)
            }
            JSONReport.print(report, isOneLine: true)
        }
    }

    struct Pending: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print how many jobs have not ended.")
        @OptionGroup var options: BenchOptions

        func run() async throws {
            TextReport.print("\(try await options.with(connections: 1) { bench, _ in try await bench.pending() })")
        }
    }

    private struct RecordingService: Service {
        let worker: RecordingWorker
        func run() async throws {
            try await withGracefulShutdownHandler {
                try await worker.run()
            } onGracefulShutdown: {
                worker.drain()
            }
        }
    }
}
