import Sandbox

/// Progress and use of the quota over time, as a picture for a page.
package struct ProgressPlot {
    private let outcome: Outcome
    private let minutes: Double

    private static let (width, height) = (960.0, 420.0)
    private static let (left, right, top, bottom) = (64.0, 64.0, 40.0, 48.0)

    package init(_ outcome: Outcome) {
        self.outcome = outcome
        minutes = max(1, (outcome.blogs.compactMap(\.ended).max() ?? outcome.length) / .seconds(60))
    }

    package var svg: String {
        let body = [axes, line(done, "#1f5fa8"), line(use, "#c2571a"), legend].joined(separator: "\n")
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" \
            font-family="sans-serif" font-size="13" role="img">
            <title>Blogs done and use of the token quota over time</title>
            <rect width="100%" height="100%" fill="#ffffff"/>
            \(body)
            </svg>

            """
    }

    /// Blogs done as a share of all, against minutes.
    private var done: [(x: Double, y: Double)] {
        let ended = outcome.blogs.compactMap(\.ended).sorted()
        let step = max(1, ended.count / 400)
        return stride(from: 0, to: ended.count, by: step).map {
            (ended[$0] / .seconds(60), Double($0 + 1) / Double(outcome.blogs.count))
        }
    }

    /// Tokens started in each minute as a share of the limit.
    private var use: [(x: Double, y: Double)] {
        var tokens = [Int](repeating: 0, count: Int(minutes.rounded(.up)) + 1)
        for call in outcome.calls where !call.isRefused {
            let minute = Int(max(0, call.at / .seconds(60)))
            if minute < tokens.count { tokens[minute] += call.tokens }
        }
        let limit = Double(outcome.scenario.sandbox.tokensPerMinute)
        return tokens.dropLast().enumerated().map { (Double($0) + 0.5, Double($1) / limit) }
    }

    private func x(_ minute: Double) -> Double { Self.left + minute / minutes * (Self.width - Self.left - Self.right) }

    /// 0 … 1.2 of whatever is shown.
    private func y(_ share: Double) -> Double {
        Self.height - Self.bottom - min(share, 1.2) / 1.2 * (Self.height - Self.top - Self.bottom)
    }

    private func line(_ points: [(x: Double, y: Double)], _ colour: String) -> String {
        let text = points.map { "\(Outcome.text(x($0.x), 1)),\(Outcome.text(y($0.y), 1))" }.joined(separator: " ")
        return "<polyline fill=\"none\" stroke=\"\(colour)\" stroke-width=\"2\" points=\"\(text)\"/>"
    }

    private var axes: String {
        let shares = stride(from: 0.0, through: 1.0, by: 0.25).map { share -> String in
            let height = Outcome.text(y(share), 1)
            return """
                <line x1="\(Self.left)" x2="\(Self.width - Self.right)" y1="\(height)" y2="\(height)" stroke="#dddddd"/>
                <text x="\(Self.left - 8)" y="\(height)" text-anchor="end" dy="4">\(Int(share * 100)) %</text>
                """
        }
        let step = max(1, (minutes / 8).rounded())
        let times = stride(from: 0.0, through: minutes, by: step).map { minute in
            """
            <text x="\(Outcome.text(x(minute), 1))" y="\(Self.height - Self.bottom + 20)" text-anchor="middle">\
            \(Int(minute)) min</text>
            """
        }
        return (shares + times).joined(separator: "\n")
    }

    private var legend: String {
        """
        <text x="\(Self.left)" y="24" fill="#1f5fa8">blogs done, of \(outcome.blogs.count)</text>
        <text x="\(Self.left + 220)" y="24" fill="#c2571a">tokens started in each minute, of the limit</text>
        """
    }
}
