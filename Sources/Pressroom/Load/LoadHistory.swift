import Blog
import Engine
import Foundation
import ProductKit
import Sandbox
import Simulation

/// Turns what was seen from outside into what a simulation knows from inside: times since the first submission, in the
/// sandbox's pace.
struct LoadHistory: Sendable {
    let scenario: Scenario
    let speed: Double
    /// Milliseconds since 1970 at which the first blog was asked for.
    let begin: Double

    /// How a generation is expected to end, from an answer given at a time (milliseconds since 1970).
    func estimate(_ eta: GenerationSummary.Estimate, at milliseconds: Double) -> Outcome.Estimate? {
        guard eta.until == .end else { return nil }
        let now = time(milliseconds)
        return Outcome.Estimate(
            earliest: now + .seconds(Double(eta.earliestSeconds) * speed),
            latest: now + .seconds(Double(eta.latestSeconds) * speed))
    }

    func outcome(
        _ generations: [LoadedGeneration], calls: [CallRecord], estimates: [JobID: Outcome.Estimate]
    ) -> Outcome {
        let blogs = generations.map { blog($0, estimates[$0.id]) }
        let texts = calls.compactMap { call in
            call.operation.isChat
                ? Self.milliseconds(call.time).map {
                    Outcome.Call(at: time($0), tokens: call.charged, isRefused: call.refusedBy != nil)
                } : nil
        }
        return Outcome(
            scenario, blogs: blogs, calls: texts.filter { $0.at >= .zero }.sorted { $0.at < $1.at },
            refusals: calls.count { $0.refusedBy != nil }, length: time(Surroundings.milliseconds()))
    }

    private func blog(_ generation: LoadedGeneration, _ estimate: Outcome.Estimate?) -> Outcome.Blog {
        var blog = Outcome.Blog(
            id: generation.id, site: generation.site, asked: time(generation.createdAt), estimate: estimate)
        if let ended = generation.finishedAt { blog.end(at: time(ended), isDone: generation.status == .done) }
        blog.visits = visits(of: generation)
        return blog
    }

    /// A step is seen from its start to its record. The collection of a picture is not in the timeline, but the report
    /// that it can be collected is; without a report it was found by asking, right before the draft.
    private func visits(of generation: LoadedGeneration) -> [Outcome.Visit] {
        var started: [String: Timestamp] = [:]
        var visits: [Outcome.Visit] = []
        var collected: Timestamp?
        for entry in generation.timeline {
            if entry.kind == "woken" { collected = entry.at }
            guard let step = entry.step else { continue }
            if entry.kind == "started" { started[step] = entry.at }
            guard entry.kind == "recorded", let begin = started[step] else { continue }
            // What one call cost is not told from outside; the article is by far the largest.
            let tokens = step == "content" ? generation.cost.inputTokens + generation.cost.outputTokens : 0
            visits.append(
                Outcome.Visit(step: step, began: time(begin), ended: time(entry.at), tokens: tokens))
        }
        if let collected = collected ?? started["draft"] {
            visits.append(Outcome.Visit(step: "collect", began: time(collected), ended: time(collected)))
        }
        return visits
    }

    private func time(_ timestamp: Timestamp) -> Duration { time(Double(timestamp.milliseconds)) }
    private func time(_ milliseconds: Double) -> Duration { .milliseconds((milliseconds - begin) * speed) }

    private static func milliseconds(_ text: String) -> Double? {
        (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))  // Nil for what is no time.
            .map { $0.timeIntervalSince1970 * 1000 }
    }
}
