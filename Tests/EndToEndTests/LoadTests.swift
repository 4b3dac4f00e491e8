import Foundation
import Testing

@Suite struct `The command load` {
    static let figures: Set<String> = [
        "blogs", "done", "failed", "makespan_seconds", "bound_seconds", "ratio", "quota_use", "refusals",
        "worst_window", "jain_25", "jain_50", "small_p50_seconds", "small_p95_seconds", "small_p99_seconds",
        "late_slowdown_mean",
        "late_slowdown_max", "idea_wait_p99_seconds", "eta_error_median", "eta_error_p95", "work_in_progress_max",
        "wall_seconds", "submissions", "memory_peak_bytes",
    ]

    private func load(_ place: Workplace, _ arguments: [String]) async throws -> [String: Any] {
        let ending = try await PressroomProcess.run(
            ["load", "--json"] + arguments, environment: place.environment(), in: place.folder)
        #expect(ending.status == 0, "\(ending.errors)")
        return try ending.json()
    }

    @Test(arguments: Workplace.Storage.allCases)
    func `plays a scenario on real processes and tells what was seen`(_ storage: Workplace.Storage) async throws {
        try await Workplace.with(storage) { place in
            let workers = storage == .sqlite ? "1" : "2"
            let trouble = storage == .sqlite ? [] : ["--kill-every", "2m", "--pause-resume"]
            let report = try await load(
                place,
                [
                    "--blogs", "80", "--sites", "8", "--late", "3", "--late-from", "20s", "--late-to", "60s", "--speed",
                    "40", "--workers", workers, "--tpm", "60000",
                ] + trouble)

            #expect(Set(report.keys) == Self.figures)
            #expect(report["blogs"] as? Int == 83)
            #expect(report["done"] as? Int == 83)
            #expect(report["refusals"] as? Int == 0)
            let sent = try #require(report["submissions"] as? [String: Any])
            #expect(sent["accepted"] as? Int == 80)
            #expect(sent["stored"] as? Int == 83)
            // Eighty blogs of 6,000 tokens at 60,000 a minute are eight minutes of work.
            let bound = try #require(report["bound_seconds"] as? Double)
            #expect((400...560).contains(bound))
            #expect(try #require(report["ratio"] as? Double) >= 0.9)
            #expect(try #require(report["jain_50"] as? Double) > 0.8)
            let memory = try #require(report["memory_peak_bytes"] as? Int)
            #expect((10 << 20...400 << 20).contains(memory))
        }
    }

    @Test(arguments: Workplace.Storage.allCases)
    func `takes five thousand submissions at once, and all it accepts is stored`(
        _ storage: Workplace.Storage
    ) async throws {
        try await Workplace.with(storage) { place in
            let report = try await load(
                place,
                ["--submissions-only", "--blogs", "5000", "--connections", "5000", "--workers", "1", "--late", "0"])

            let sent = try #require(report["submissions"] as? [String: Any])
            #expect(sent["sent"] as? Int == 5000, "all are answered")
            #expect(sent["accepted"] as? Int == 5000, "the queue takes ten thousand")
            #expect(sent["stored"] as? Int == 5000)
        }
    }

    @Test(arguments: Workplace.Storage.allCases)
    func `asks Arena for replies until none comes a second time, and for no more than may be answered`(
        _ storage: Workplace.Storage
    ) async throws {
        try await Workplace.with(storage) { place in
            let ending = try await PressroomProcess.run(
                [
                    "load", "arena", "--json", "--speed", "50", "--workers", "1", "--personas", "4", "--posts", "15",
                    "--rate", "40", "--seconds", "2", "--read-rate", "50", "--read-seconds", "1",
                ] + (storage == .sqlite ? ["--only", "replies"] : []),
                environment: place.environment(), in: place.folder)

            #expect(ending.status == 0, "\(ending.errors)")
            let report = try ending.json()
            let replies = try #require(report["replies"] as? [String: Any])
            #expect(answers(replies) == ["202": 80])
            #expect(replies["enqueued"] as? Int == 60, "each of four personas to each of fifteen posts")
            #expect(replies["skipped"] as? Int == 20)
            #expect(replies["stored"] as? Int == 60)
            #expect(replies["pairs"] as? Int == 60)
            for name in ["failed", "retries_at_rest", "under_way_at_rest", "refused_calls"] {
                #expect(replies[name] as? Int == 0, "\(name)")
            }
            guard storage == .postgres else { return }
            let reads = try #require(report["reads"] as? [String: [String: Any]])
            #expect(
                reads.mapValues { $0["answers"] as? [String: Int] } == [
                    "profile": ["200": 50], "templates": ["200": 50], "card": ["200": 25],
                ])
            let limits = try #require(report["limits"] as? [[String: Any]])
            #expect(limits.map { $0["first_server_percent"] as? Int } == [100, 50, 80])
            for limit in limits {
                let admitted = try #require(limit["admitted"] as? Int)
                #expect((115...130).contains(admitted), "\(limit)")
                #expect(limit["refused"] as? Int == 600 - admitted)
            }
        }
    }

    /// By status.
    private func answers(_ part: [String: Any]) -> [String: Int]? {
        (part["calls"] as? [String: Any])?["answers"] as? [String: Int]
    }

    @Test func `refuses several workers on SQLite`() async throws {
        try await Workplace.with(.sqlite) { place in
            let ending = try await PressroomProcess.run(
                ["load", "--workers", "2"], environment: place.environment(), in: place.folder)
            #expect(ending.status == 64)
            #expect(ending.errors.contains("several workers need PostgreSQL"))
        }
    }
}
