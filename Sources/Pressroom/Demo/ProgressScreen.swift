import Blog
import Engine
import Foundation
import Synchronization

/// The demo as a person sees it in a terminal: redrawn in place, or one line a change where there is no terminal.
final class ProgressScreen: Sendable {
    private struct State {
        var drawn = 0
        var known: [String: String] = [:]
    }
    private let state = Mutex(State())
    private let isTerminal = isatty(STDOUT_FILENO) == 1
    /// Rows shown one by one; of more, only the unfinished ones and a sum.
    static let rowsMax = 24

    func head(page: String, articles: Int, isResumed: Bool) {
        TextReport.print(isResumed ? "Going on with \(articles) articles." : "\(articles) articles for three sites.")
        TextReport.print("Texts and pictures come from the built-in sandbox. Watch here, or open \(page)/\n")
    }

    func show(_ summaries: [GenerationSummary]) {
        isTerminal ? redraw(summaries) : report(summaries)
    }

    /// - Parameters:
    ///   - database: the setting that names the demo's own database; nil when the usual one is used.
    ///   - sites: the addresses of the simulated sites with the posts; nil when they are in a folder.
    func end(_ result: DemoResult, page: String?, database: String?, sites: [String]?) {
        let refused = result.refusals == 0 ? "no call was refused" : "\(result.refusals) calls were refused"
        TextReport.print("\n\(result.done) of \(result.blogs) finished in \(result.seconds) s; \(refused).")
        if result.failed > 0 {
            let place = database.map { " --set DATABASE_URL=\($0)" } ?? ""
            TextReport.print("\(result.failed) failed; `pressroom jobs list --state failed\(place)` says why.")
        }
        if let sites {
            TextReport.print("What the simulated Wix sites have, as long as this runs:")
            for site in sites { TextReport.print("  \(site)") }
        } else {
            TextReport.print("The articles are in \(result.output)/ — each site has an index.html.")
        }
        if let page { TextReport.print("The page is at \(page)/ until you press Ctrl-C.") }
    }

    private func redraw(_ summaries: [GenerationSummary]) {
        let shown = summaries.count <= Self.rowsMax ? summaries : summaries.filter { !$0.status.hasEnded }
        var lines = shown.prefix(Self.rowsMax).map(Self.line)
        let done = summaries.count { $0.status == .done }
        lines.append("\(done) of \(summaries.count) done")
        state.withLock { state in
            let up = state.drawn > 0 ? "\u{1B}[\(state.drawn)A" : ""
            let body = lines.map { "\u{1B}[2K\($0)\n" }.joined()
            TextReport.print(up + body + "\u{1B}[0J", terminator: "")
            state.drawn = lines.count
        }
    }

    private func report(_ summaries: [GenerationSummary]) {
        for summary in summaries {
            let isNew = state.withLock { state in
                state.known.updateValue(summary.status.rawValue, forKey: summary.id.description)
                    != summary.status.rawValue
            }
            if isNew { TextReport.print(Self.line(summary)) }
        }
    }

    private static func line(_ summary: GenerationSummary) -> String {
        let filled = summary.progressPercent / 10
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 10 - filled)
        let site = summary.site.padding(toLength: 14, withPad: " ", startingAt: 0)
        let subject = (summary.title ?? summary.sourceId).prefix(44).padding(toLength: 44, withPad: " ", startingAt: 0)
        return "\(bar) \(site) \(subject) \(words(summary))"
    }

    private static func words(_ summary: GenerationSummary) -> String {
        if let error = summary.error { return "failed: \(error.message)" }
        let stage = summary.status.rawValue.lowercased().replacing("_", with: " ")
        guard let waiting = summary.waiting else {
            return summary.eta.map { "\(stage), \($0.earliestSeconds)–\($0.latestSeconds) s to go" } ?? stage
        }
        return "\(stage), waits: \(waiting.reason.rawValue.replacing("_", with: " "))"
    }
}
