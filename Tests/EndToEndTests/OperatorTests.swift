import Foundation
import Testing

/// What an operator types, as processes of their own.
@Suite struct `The command line shows` {
    static let figures: Set<String> = [
        "blogs", "done", "failed", "makespan_seconds", "bound_seconds", "ratio", "quota_use",
        "refusals", "worst_window", "jain_25", "jain_50", "small_p50_seconds", "small_p95_seconds",
        "small_p99_seconds", "late_slowdown_mean", "late_slowdown_max", "idea_wait_p99_seconds",
        "eta_error_median", "eta_error_p95", "work_in_progress_max", "wall_seconds", "history_hash",
    ]

    @Test func `what a simulation comes to, the same for the same seed`() async throws {
        try await Workplace.with { place in
            var hashes: Set<String> = []
            for _ in 0..<2 {
                let ending = try await PressroomProcess.run(
                    ["simulate", "--blogs", "20", "--json"], environment: place.environment(), in: place.folder)

                #expect(ending.status == 0, "\(ending.errors)")
                let report = try ending.json()
                #expect(Set(report.keys) == Self.figures)
                #expect(report["done"] as? Int == report["blogs"] as? Int)
                #expect(report["refusals"] as? Int == 0)
                hashes.insert(try #require(report["history_hash"] as? String))
            }
            #expect(hashes.count == 1)
        }
    }

    @Test(arguments: Workplace.Storage.allCases)
    func `queue, shares and quotas, and changes a tenant's share`(_ storage: Workplace.Storage) async throws {
        try await Workplace.with(storage) { place in
            func run(_ arguments: String...) async throws -> (status: Int32, report: [String: Any]) {
                let ending = try await PressroomProcess.run(
                    arguments + ["--json"], environment: place.environment(), in: place.folder)
                return (ending.status, try ending.json())
            }
            // The first command makes the tables.
            #expect(try await run("sites", "add", "acme").status == 0)

            let all = try await run("status").report
            #expect(all["queueSize"] as? Int == 0)
            #expect((all["workers"] as? [Any])?.isEmpty == true)
            let quotas = try #require(try await run("status", "quotas").report["quotas"] as? [[String: Any]])
            #expect(Set(quotas.compactMap { $0["name"] as? String }).isSuperset(of: ["model", "images", "sites"]))
            #expect(quotas.allSatisfy { $0["state"] as? String == "open" })
            #expect((try await run("status", "tenants").report["tenants"] as? [Any])?.isEmpty == true)
            for change in [["weight", "acme", "2"], ["cap", "acme", "3"], ["pause", "acme"], ["resume", "acme"]] {
                let ending = try await PressroomProcess.run(
                    ["tenants"] + change, environment: place.environment(), in: place.folder)
                #expect(ending.status == 0, "\(ending.errors)")
            }
            for wrong in [["weight", "acme", "0"], ["cap", "acme", "0"], ["pause", "nobody"]] {
                let ending = try await PressroomProcess.run(
                    ["tenants"] + wrong, environment: place.environment(), in: place.folder)
                #expect(ending.status == 64, "\(wrong)")
            }
        }
    }
}
