import Foundation
import Testing

@Suite struct `The command bench` {
    static let figures: Set<String> = [
        "jobs_per_second", "ceiling_per_second", "ratio", "enqueue_single_per_second", "enqueue_single_8_per_second",
        "enqueue_batch_per_second", "pickup_p50_ms", "pickup_p99_ms", "steady_p50_ms", "steady_p99_ms",
        "client_cpu_seconds", "server_cpu_seconds",
    ]

    @Test(arguments: Workplace.Storage.allCases)
    func `measures everything in one run`(_ storage: Workplace.Storage) async throws {
        try await Workplace.with(storage) { place in
            let ending = try await PressroomProcess.run(
                ["bench", "--jobs", "3000", "--tenants", "30", "--steady-seconds", "1", "--json"],
                environment: place.environment(), in: place.folder)

            #expect(ending.status == 0, "\(ending.errors)")
            let report = try ending.json()
            #expect(Set(report.keys) == Self.figures)
            for name in Self.figures.subtracting(["server_cpu_seconds"]) {
                let figure = try #require(report[name] as? Double, "\(name) is no number")
                #expect(figure > 0, "\(name) is \(figure)")
            }
            let server = try #require(report["server_cpu_seconds"] as? Double)
            #expect(storage == .sqlite ? server == 0 : server > 0)
        }
    }

    @Test(arguments: Workplace.Storage.allCases)
    func `shows that no tenant waits for another's twenty thousand jobs`(_ storage: Workplace.Storage) async throws {
        try await Workplace.with(storage) { place in
            let ending = try await PressroomProcess.run(
                ["bench", "fairness", "--json"], environment: place.environment(), in: place.folder)

            #expect(ending.status == 0, "\(ending.errors)")
            let report = try ending.json()
            // The promise is 100 ms with a machine to itself; first come, first served would be ten seconds.
            #expect(try #require(report["start_p99_ms"] as? Double) < 1000)
            #expect(try #require(report["jain"] as? Double) > 0.95)
        }
    }

    @Test(arguments: Workplace.Storage.allCases)
    func `times what Arena's readers wait for`(_ storage: Workplace.Storage) async throws {
        try await Workplace.with(storage) { place in
            let ending = try await PressroomProcess.run(
                ["bench", "arena", "--scale", "0.01", "--reads", "20", "--json"], environment: place.environment(),
                in: place.folder)

            #expect(ending.status == 0, "\(ending.errors)")
            let report = try ending.json().mapValues { $0 as? Double ?? -1 }
            #expect(report["users"] == 100)
            #expect(report["posts"] == 2_000)
            #expect(report["events"] == 10_000)
            for kind in ["feed", "profile", "thread", "notifications", "trending"] {
                for name in ["p50", "p95", "p99", "8_p50", "8_p95", "8_p99"] {
                    #expect(report["\(kind)_\(name)_ms"] ?? -1 > 0, "\(kind)_\(name)_ms")
                }
            }
        }
    }

    @Test func `runs in parts, whose records tell each job's start`() async throws {
        try await Workplace.with(.postgres) { place in
            func bench(_ arguments: String...) async throws -> PressroomProcess.Ending {
                let ending = try await PressroomProcess.run(
                    ["bench"] + arguments, environment: place.environment(), in: place.folder)
                #expect(ending.status == 0, "\(arguments): \(ending.errors)")
                return ending
            }
            _ = try await bench("setup")
            let produced = try await bench(
                "produce", "--mode", "batch", "--n", "500", "--i0", "100", "--tenant", "acme")
            #expect(try produced.json()["n"] as? Int == 500)
            #expect(try await bench("pending").output == "501\n")
            let worker = try PressroomProcess(
                ["bench", "work", "--concurrency", "20", "--out", "records"], environment: place.environment(),
                in: place.folder)
            for mode in ["seq", "conc", "paced", "pickup", "tenants"] {
                _ = try await bench("produce", "--mode", mode, "--n", "20", "--rate", "100", "--work", "1")
            }
            let deadline = ContinuousClock.now + .seconds(60)
            while try await bench("pending").output != "0\n", .now < deadline {
                try await Task.sleep(for: .milliseconds(100))
            }
            worker.signal(SIGTERM)
            let ending = try await worker.ending()
            #expect(ending.status == 0, "\(ending.errors)")

            let path = place.folder.appending(path: "records/rec.\(worker.identifier)")
            let records = try String(contentsOf: path, encoding: .utf8).split(separator: "\n").map {
                $0.split(separator: " ")
            }
            #expect(records.allSatisfy { $0.count == 5 })
            #expect(records.count { $0[3] == "acme" } == 500)
            #expect(Set(records.filter { $0[3] == "acme" }.map { $0[2] }).count == 500)
            #expect(records.count { $0[3] == "warm" && $0[2] == "-1" } == 6)
            let expected: Int = 500 + 6 + 4 * 20 + 99  // Outside the macro, whose expansion makes it too much to infer.
            #expect(records.count == expected)
            for record in records {
                let start = try #require(Int64(record[0]))
                #expect(try #require(Int64(record[1])) <= start)
            }
        }
    }

    @Test func `does not empty a file that holds articles`() async throws {
        try await Workplace.with { place in
            let made = try await PressroomProcess.run(["migrate", "up"], in: place.folder)
            #expect(made.status == 0, "\(made.errors)")

            let ending = try await PressroomProcess.run(
                ["bench", "setup", "--database", "sqlite:data/pressroom.sqlite", "--json"], in: place.folder)

            #expect(ending.status == 64)
            let error = try #require(ending.json()["error"] as? [String: String])
            #expect(error["code"] == "bench.database_in_use")
        }
    }
}
