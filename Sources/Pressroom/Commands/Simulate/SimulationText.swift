import Foundation
import Simulation

/// A simulation's report for people.
struct SimulationText {
    let report: SimulationReport
    let remarks: [String]

    init(_ report: SimulationReport, _ outcome: Outcome) {
        self.report = report
        remarks = outcome.remarks(makespanSeconds: report.makespanSeconds)
    }

    var text: String {
        let rows = [
            ["blogs", "\(report.done) of \(report.blogs) done, \(report.failed) failed"],
            ["makespan", "\(minutes(report.makespanSeconds)), \(number(report.ratio, 3)) × the bound"],
            ["quota bound", minutes(report.boundSeconds)],
            [
                "quota",
                "\(percent(report.quotaUse)) used, \(report.refusals) refusals, worst minute "
                    + "\(percent(report.worstWindow))",
            ],
            ["fairness (Jain)", "\(number(report.jain25, 4)) at 25 %, \(number(report.jain50, 4)) at 50 %"],
            [
                "small sites",
                "p50 \(minutes(report.smallP50Seconds)), p95 \(minutes(report.smallP95Seconds)), p99 "
                    + "\(minutes(report.smallP99Seconds))",
            ],
            [
                "late single blogs",
                "\(number(report.lateSlowdownMean, 3)) × as long as alone, "
                    + "\(number(report.lateSlowdownMax, 3)) × at worst",
            ],
            ["until their ideas begin", "p99 \(number(report.ideaWaitP99Seconds, 2)) s"],
            [
                "estimate's error",
                "median \(percent(report.etaErrorMedian)), p95 \(percent(report.etaErrorP95)) of the makespan",
            ],
            ["work in progress", "at most \(report.workInProgressMax) blogs"],
            [
                report.historyHash == nil ? "played" : "history",
                (report.historyHash.map { "\($0), played " } ?? "") + "in \(number(report.wallSeconds, 1)) s",
            ],
        ]
        return ([TextReport.table(rows)] + remarks.map { "· \($0)" }).joined(separator: "\n")
    }

    private func number(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
    private func percent(_ share: Double) -> String { "\(number(share * 100, 1)) %" }
    private func minutes(_ seconds: Double) -> String { "\(number(seconds / 60, 1)) min" }
}

/// What many crash scenarios have shown.
struct CrashReport: Encodable {
    private(set) var seeds = 0
    private(set) var failed = 0
    private(set) var kills = 0
    private(set) var stops = 0
    private(set) var cuts = 0
    /// Of the first seeds that failed.
    private(set) var violations: [Violation] = []

    struct Violation: Encodable {
        let seed: UInt64
        let what: [String]
    }
    private static let shownMax = 10

    mutating func add(_ outcome: CrashScenario.Outcome, seed: UInt64) {
        seeds += 1
        kills += outcome.kills
        stops += outcome.stops
        cuts += outcome.cuts
        guard !outcome.violations.isEmpty else { return }
        failed += 1
        if violations.count < Self.shownMax { violations.append(Violation(seed: seed, what: outcome.violations)) }
    }

    var text: String {
        let shown = violations.map { "seed \($0.seed): \($0.what.joined(separator: "; "))" }
        let sum = "\(seeds) seeds with \(kills) kills, \(stops) stops, \(cuts) partitions: \(failed) failed"
        return (shown + [sum]).joined(separator: "\n")
    }
}
