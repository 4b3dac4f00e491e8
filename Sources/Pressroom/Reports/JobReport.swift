import Engine
import Foundation

/// A job for the command line, as JSON or as text.
struct JobReport: Encodable {
    struct Waiting: Encodable {
        let reason: String
        let evidence: String?
        let clearedBy: String?
        let position: Int?
        let startsInSeconds: [Int]?
        let endsInSeconds: [Int]?
    }
    struct Step: Encodable {
        let step: String
        let round: Int
        let attempt: Int
        let absorbed: Bool
        let model: String?
        let inputTokens: Int
        let outputTokens: Int
        let microdollars: Int64
        let seconds: Double
    }
    struct Event: Encodable {
        let at: Date
        let kind: String
        let step: String?
        let detail: String?
    }
    struct Failure: Encodable {
        let code: String
        let message: String?
        let hint: String?
    }

    let id: String
    let tenant: String
    let kind: String
    let state: String
    let step: String
    let attempt: Int
    let createdAt: Date
    let endedAt: Date?
    let failure: Failure?
    let waiting: Waiting?
    let steps: [Step]?
    let events: [Event]?

    init(_ job: JobSummary) { self.init(job, standing: nil, steps: nil, events: nil) }

    init(_ job: JobSummary, standing: JobStanding?, steps: [StepRecord]?, events: [JobEvent]?) {
        id = job.id.description
        tenant = job.tenantName
        kind = job.kind.rawValue
        state = job.state.name
        step = job.step
        attempt = job.attempt
        createdAt = Date(milliseconds: job.createdAt)
        endedAt = job.endedAt.map(Date.init(milliseconds:))
        failure = job.failureCode.map { Failure(code: $0, message: job.failureMessage, hint: job.failureHint) }
        waiting = standing?.reason.map { reason in
            Waiting(
                reason: reason.rawValue, evidence: standing?.evidence, clearedBy: standing?.remedy,
                position: standing?.position, startsInSeconds: standing?.startsIn.map(Self.seconds),
                endsInSeconds: standing?.endsIn.map(Self.seconds))
        }
        self.steps = steps?.map {
            Step(
                step: $0.step, round: $0.round, attempt: $0.attempt, absorbed: $0.wasAbsorbed, model: $0.model,
                inputTokens: $0.inputTokens, outputTokens: $0.outputTokens, microdollars: $0.microdollars,
                seconds: ($0.endedAt - $0.startedAt) / 1000)
        }
        self.events = events?.map {
            Event(at: Date(milliseconds: $0.at), kind: $0.kind?.rawValue ?? "unknown", step: $0.step, detail: $0.detail)
        }
    }

    /// One look's worth: why it is not running, or that it is.
    var why: String {
        if let failure { return "\(state): \(failure.code): \(failure.message ?? "")" }
        guard let waiting else { return state == "running" ? "running: \(step), attempt \(attempt)" : state }
        var lines = ["\(waiting.reason): \(waiting.evidence ?? "")"]
        if let clearedBy = waiting.clearedBy { lines.append("cleared by  \(clearedBy)") }
        if let position = waiting.position { lines.append("position    \(position)") }
        if let starts = waiting.startsInSeconds { lines.append("starts      in \(starts[0])–\(starts[1]) s") }
        if let ends = waiting.endsInSeconds { lines.append("ends        in \(ends[0])–\(ends[1]) s") }
        return lines.joined(separator: "\n")
    }

    private static func seconds(_ range: ClosedRange<Duration>) -> [Int] {
        [range.lowerBound, range.upperBound].map { Int(($0 / .seconds(1)).rounded()) }
    }

    var text: String {
        var lines = ["job      \(id)", "tenant   \(tenant)", "kind     \(kind)", "state    \(state)"]
        if !step.isEmpty { lines.append("step     \(step), attempt \(attempt)") }
        lines.append("created  \(createdAt.formatted(.iso8601))")
        if let endedAt { lines.append("ended    \(endedAt.formatted(.iso8601))") }
        if let failure {
            lines.append("failure  \(failure.code): \(failure.message ?? "")")
            if let hint = failure.hint { lines.append("hint     \(hint)") }
        }
        if let waiting {
            lines.append("waiting  \(waiting.reason): \(waiting.evidence ?? "")")
            if let clearedBy = waiting.clearedBy { lines.append("cleared  \(clearedBy)") }
            if let starts = waiting.startsInSeconds { lines.append("starts   in \(starts[0])–\(starts[1]) s") }
        }
        if let steps, !steps.isEmpty {
            let rows = steps.map { step in
                [
                    step.step, "round \(step.round)", step.absorbed ? "went on without" : "attempt \(step.attempt)",
                    "\(step.seconds) s", "\(step.inputTokens + step.outputTokens) tokens",
                    "$\(Double(step.microdollars) / 1_000_000)",
                ]
            }
            lines += ["", "steps", TextReport.table(rows)]
        }
        if let events, !events.isEmpty {
            let rows = events.map { [$0.at.formatted(.iso8601), $0.kind, $0.step ?? "", $0.detail ?? ""] }
            lines += ["", "timeline", TextReport.table(rows)]
        }
        return lines.joined(separator: "\n")
    }
}

extension Date {
    init(milliseconds: Double) { self.init(timeIntervalSince1970: milliseconds / 1000) }
}

/// How long ago, in the largest unit that says it.
enum Age {
    static func text(since milliseconds: Double) -> String {
        let seconds = max(0, Int(Surroundings.milliseconds() - milliseconds) / 1000)
        return switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3600: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }
}
